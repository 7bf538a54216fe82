package io.quorate.server.session;

/**
 * How old what an answer shows is at most, as this node can vouch for at the moment.
 *
 * @param revision that is shown
 * @param millis whatever was acknowledged to anyone longer ago is shown; -1 if unknown
 * @param quorate whether a majority was lately known to follow a leader
 */
public record Staleness(long revision, long millis, boolean quorate) {}
