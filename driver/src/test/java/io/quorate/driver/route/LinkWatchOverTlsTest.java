package io.quorate.driver.route;

import io.quorate.driver.tls.ClientTls;
import io.quorate.driver.tls.TestCertificates;
import java.io.IOException;

/** The same where the question whether a node lives needs a handshake of its own. */
class LinkWatchOverTlsTest extends LinkWatchTest {
  @Override
  FakeCluster open() throws IOException {
    return FakeCluster.over(TestCertificates.ofNode("node", null).getServerSocketFactory(), 3);
  }

  @Override
  ClientTls tls() {
    return ClientTls.of(
        ClientTls.Mode.VERIFY_FULL, TestCertificates.file("ca.pem").toString(), "", "");
  }
}
