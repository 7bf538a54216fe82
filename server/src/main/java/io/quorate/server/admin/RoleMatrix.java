package io.quorate.server.admin;

import io.quorate.driver.ErrorCode;
import io.quorate.server.admin.NodeRecord.Role;
import io.quorate.server.lang.QuorateException;

/**
 * What a node may become, from what it is: Infinity's rules and numbers (FEATURES A.2). Pure.
 *
 * <pre>
 *  from \ to   admin  standalone  leader  follower  learner  witness
 *  admin       -      yes         yes     yes       yes      yes
 *  standalone  yes    -           8007    8007      8007     8007
 *  leader      yes    8007        -       7026      7026     7026
 *  follower    yes    8007        yes     -         7026     7026
 *  learner     yes    8007        yes     7026      -        7026
 *  witness     yes    8007        7026    7026      7026     -
 * </pre>
 *
 * <p>The last row and column are ours: Infinity has no witnesses.
 */
final class RoleMatrix {
  private RoleMatrix() {}

  /**
   * Whether there is anything to do.
   *
   * @throws QuorateException when it may not become that
   */
  static boolean isChange(Role from, Role to) {
    if (from == to) {
      return false;
    }
    if (from == Role.ADMIN || to == Role.ADMIN) {
      return true;
    }
    if (from == Role.STANDALONE) {
      throw refused(
          ErrorCode.INVALID_ROLE_CHANGE, "Can't switch the node from standalone to cluster mode");
    }
    if (to == Role.STANDALONE) {
      throw refused(
          ErrorCode.INVALID_ROLE_CHANGE, "Can't switch the node from " + from + " to standalone");
    }
    if (to == Role.LEADER && from != Role.WITNESS) {
      return true;
    }
    throw refused(
        ErrorCode.CANNOT_LEAD, "Can't switch the node from " + from + " to " + to + " directly");
  }

  private static QuorateException refused(ErrorCode code, String what) {
    return new QuorateException(code, what + "; ADMIN SET ADMIN first");
  }
}
