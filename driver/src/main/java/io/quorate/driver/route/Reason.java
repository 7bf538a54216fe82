package io.quorate.driver.route;

import java.util.Locale;

/** Why a node is chosen, would do, or is rejected. */
enum Reason {
  // Chosen
  HOME("the connection reads here already, and the other that was drawn is not clearly better"),
  LESS_LOAD("has the least latency times requests of two that were drawn"),
  ONLY_ONE("the only one that fits best"),
  LEADS("leads"),
  IN_TRANSACTION("holds the open transaction"),
  REACHED("was reached, where better ones were not"),

  // Would do
  MORE_LOAD("fits as well; not drawn, or with more latency times requests"),
  PASSES_ON("does not lead, but passes writes on"),
  NAMES_THE_LEADER("does not lead, but knows who does"),
  TROUBLE("failed lately"),
  AWAY("its cluster does not reach it"),
  STALE("may be older than the bound"),
  UNPROVEN("cannot tell yet how old its rows are"),
  LAGS("is behind"),
  NOT_QUORATE("hears no leader that a majority follows"),
  STRANGER("is no member by this address"),
  OTHER_ROLE("has not the role that target prefers"),
  OTHER_ZONE("is in another zone"),
  /** The one that a write goes to under {@code write_routing=refuse}. */
  CONNECTED("the connection is with it"),

  // Rejected
  WITNESS("a witness holds no data"),
  NOT_TARGET("has not the role that target demands"),
  NOT_CONTACT("the URL does not name it"),
  FAILED_BEFORE("this request has failed there"),
  IN_DOUBT("failed lately, and others answer"),
  TRANSACTION_ELSEWHERE("the open transaction is on another node"),
  NOT_REACHED("was not reached");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  /** With the figures that led to it. */
  String text(NodeView node, RouteWish wish) {
    switch (this) {
      case TROUBLE:
      case IN_DOUBT:
        return text + ": " + node.trouble();
      case STALE:
        return text
            + ": "
            + node.stalenessMillis()
            + " ms, the bound is "
            + wish.stalenessMaxMillis()
            + " ms";
      case LAGS:
        return text + ": " + node.stalenessMillis() + " ms";
      case OTHER_ROLE:
      case NOT_TARGET:
        return text + ": " + wish.preference().target().text() + ", not " + roleOf(node);
      case OTHER_ZONE:
        return text
            + ": "
            + (node.zone().isEmpty() ? "none" : node.zone())
            + ", not "
            + wish.preference().zone();
      default:
        return text;
    }
  }

  /** As {@code SYSTEM.NODES} and the option {@code target} have it. */
  static String roleOf(NodeView node) {
    if (node.leads()) {
      return "leader";
    }
    if (node.role() == null) {
      return "";
    }
    switch (node.role()) {
      case VOTER:
        return "follower";
      default:
        return node.role().name().toLowerCase(Locale.ROOT);
    }
  }
}
