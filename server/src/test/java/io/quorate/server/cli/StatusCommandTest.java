package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.server.admin.AdminServer;
import io.quorate.server.admin.AdminService;
import io.quorate.server.admin.FakeChanges;
import io.quorate.server.admin.FakeView;
import io.quorate.server.admin.NodeRecord;
import io.quorate.server.config.AdminHttpStatus;
import io.quorate.server.security.Entrances;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class StatusCommandTest {
  private final FakeView view = new FakeView();
  private final Terminal terminal = Terminal.ofMain();

  @Test
  void the_nodes_are_shown_as_an_aligned_table() {
    try (AdminServer server = open()) {
      assertThat(terminal.run("status", server.boundAddress().toString())).isZero();
    }

    assertThat(terminal.out())
        .isEqualTo(
            """
            NODE  ROLE      ZONE  STATUS           ADDRESS         TERM  APPLIED  DURABLE  LAG  LEADER
            n1    leader    z1    alive            127.0.0.1:8965  3     120      118      2    n1
            n2    follower  z1    lost connection  127.0.0.1:8965  3     120      118      2    n1
            n3    learner   z1    timeout          127.0.0.1:8965  3     120      118      2    n1
            """);
  }

  @Test
  void a_standalone_node_shows_itself() {
    view.current = FakeView.node("n1", NodeRecord.Role.STANDALONE, NodeRecord.Status.STARTED);
    try (AdminServer server = open()) {
      assertThat(terminal.run("status", server.boundAddress().toString())).isZero();
    }

    assertThat(terminal.out()).hasLineCount(2).contains("\nn1    standalone  z1    started");
  }

  @Test
  void a_node_that_fails_to_answer_is_one_line_and_1() {
    view.before =
        () -> {
          throw new IllegalStateException();
        };
    try (AdminServer server = open()) {
      assertThat(terminal.run("status", server.boundAddress().toString())).isEqualTo(1);
    }

    assertThat(terminal.err())
        .isEqualTo("quorate: internal error; the node's log says more (error 10901)\n");
  }

  @Test
  void nobody_there_is_one_line_and_1() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    assertThat(terminal.run("status", "127.0.0.1:" + free)).isEqualTo(1);
    assertThat(terminal.err())
        .isEqualTo(
            "quorate: nobody answers at 127.0.0.1:"
                + free
                + "; is this the admin address of a running node?\n");
  }

  @Test
  void somebody_else_there_is_one_line_and_1() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> page = CompletableFuture.runAsync(() -> answerWithAPage(other));
      assertThat(terminal.run("status", "127.0.0.1:" + other.getLocalPort())).isEqualTo(1);
      page.join();
    }

    assertThat(terminal.err())
        .endsWith(" answers, but not as the admin port of a node does\n")
        .hasLineCount(1);
  }

  @Test
  void an_address_that_is_none_is_one_line_and_2() {
    assertThat(terminal.run("status", "quorate.example.com")).isEqualTo(2);
    assertThat(terminal.err()).startsWith("quorate: an address is host:port").hasLineCount(1);
  }

  private AdminServer open() {
    AdminServer server =
        new AdminServer(
            FakeView.network(0, AdminHttpStatus.PUBLISHED),
            new AdminService(view, new FakeChanges()),
            Entrances.open(),
            Runnable::run,
            Optional.empty());
    server.open();
    return server;
  }

  private static void answerWithAPage(ServerSocket server) {
    try (Socket socket = server.accept();
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream()) {
      assertThat(in.read()).isEqualTo('G');
      out.write(
          "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      assertThat(in.readAllBytes()).isNotEmpty();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
