package io.quorate.server;

import io.quorate.driver.ErrorCode;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.lang.QuorateException;

/** What the configuration can say and this version cannot do: refused, not ignored. */
final class UnsupportedSettings {
  private UnsupportedSettings() {}

  /**
   * @throws QuorateException when there is any
   */
  static void refuse(NodeConfig config) {
    if (config.node().role() == IdentityConfig.Role.WITNESS) {
      throw new QuorateException(
          ErrorCode.NOT_SUPPORTED, "role witness is not there yet; use voter or learner");
    }
  }
}
