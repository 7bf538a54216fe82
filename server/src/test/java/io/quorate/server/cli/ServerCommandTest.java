package io.quorate.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.driver.ErrorCode;
import io.quorate.server.config.IdentityConfig;
import io.quorate.server.config.NodeConfig;
import io.quorate.server.config.TlsConfig;
import io.quorate.server.lang.QuorateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerCommandTest {
  @TempDir Path directory;
  private final FakeService service = new FakeService();
  private final CompletableFuture<NodeConfig> config = new CompletableFuture<>();
  private final CompletableFuture<Supplier<OptionalInt>> signal = new CompletableFuture<>();
  private final Terminal terminal =
      Terminal.of(
          new ServerCommand(
              given -> {
                config.complete(given);
                return service;
              },
              signal::complete));

  @Test
  void a_signal_stops_the_node_cleanly_with_0() throws Exception {
    CompletableFuture<Integer> exit = start();
    service.running.await();
    assertThat(pidFile()).hasContent(Long.toString(ProcessHandle.current().pid()));

    assertThat(signal.join().get()).hasValue(0);

    assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(service.calls).containsExactly("open", "close");
    assertThat(pidFile()).doesNotExist();
    assertThat(terminal.err()).isEmpty();
    assertThat(terminal.out()).contains("node.data").contains("# flag");
  }

  @Test
  void a_second_signal_is_left_without_an_answer() throws Exception {
    CompletableFuture<Integer> exit = start();
    service.running.await();

    assertThat(signal.join().get()).hasValue(0);
    assertThat(signal.join().get()).isEmpty();
    assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void a_node_that_stops_by_itself_is_one_line_and_3() throws Exception {
    CompletableFuture<Integer> exit = start();
    service.running.await();

    service.fail(70);

    assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(service.calls).containsExactly("open", "close");
    assertThat(pidFile()).doesNotExist();
    assertThat(terminal.err())
        .isEqualTo("quorate: node n1 has stopped because of a failure; its log says why\n");
    assertThat(signal.join().get()).as("the hook that runs at exit").isEmpty();
  }

  @Test
  void a_node_that_was_asked_to_stop_from_elsewhere_ends_with_0() throws Exception {
    CompletableFuture<Integer> exit = start();
    service.running.await();

    service.fail(0);

    assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void a_node_that_cannot_start_is_one_line_and_1() throws Exception {
    service.openingFailure =
        new QuorateException(ErrorCode.INTERNAL_ERROR, "port 8865 is\nalready taken");

    assertThat(start().get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(terminal.err()).isEqualTo("quorate: port 8865 is already taken\n");
    assertThat(service.calls).containsExactly("open", "close");
    assertThat(pidFile()).doesNotExist();
    assertThat(signal.join().get()).as("the hook that runs at exit").isEmpty();
  }

  @Test
  void the_pid_of_another_process_is_left_alone() throws Exception {
    CompletableFuture<Integer> exit = start();
    service.running.await();
    Files.writeString(pidFile(), "1\n");

    assertThat(signal.join().get()).hasValue(0);
    assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(pidFile()).hasContent("1");
  }

  /** InfinityStore's three flags are enough for several nodes on one machine. */
  @Test
  void a_node_that_is_started_by_published_flags_needs_no_others() throws Exception {
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () ->
                terminal.run(
                    "--http-addr=:8001", "--raft-addr=localhost:8000", "--node-id=of-a-test"));
    NodeConfig given = config.get(30, TimeUnit.SECONDS);
    assertThat(given.node().data()).isEqualTo(Path.of("quorate-data-of-a-test"));
    assertThat(given.network().clientAddr()).hasToString("127.0.0.1:0");
    assertThat(given.network().adminAddr()).hasToString("127.0.0.1:8001");
    assertThat(given.network().peerAddr()).hasToString("localhost:8000");
    assertThat(given.node().mode()).isEqualTo(IdentityConfig.Mode.CLUSTER);
    service.running.await();
    assertThat(signal.join().get()).hasValue(0);
    assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
    Files.deleteIfExists(given.node().data());
  }

  @Test
  void every_flag_reaches_the_configuration() throws Exception {
    CompletableFuture<Integer> exit =
        start(
            "--node-id=n7",
            "--client-addr=[::1]:1",
            "--http-addr=127.0.0.1:2",
            "--raft-addr=h:3",
            "--join=a:1,b:2",
            "--role=LEARNER",
            "--mode=cluster",
            "--secret-file=s",
            "--tls-cert=c.pem",
            "--tls-key=c.key",
            "--tls-ca=ca.pem",
            "--tls-client-auth=want",
            "--client-domain=d:4",
            "--zone=z",
            "--insecure");
    service.running.await();
    assertThat(signal.join().get()).hasValue(0);
    assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();

    NodeConfig given = config.join();
    assertThat(given.node().id()).isEqualTo("n7");
    assertThat(given.node().zone()).isEqualTo("z");
    assertThat(given.node().role()).hasToString("LEARNER");
    assertThat(given.node().mode()).hasToString("CLUSTER");
    assertThat(given.network().clientAddr()).hasToString("[::1]:1");
    assertThat(given.network().adminAddr()).hasToString("127.0.0.1:2");
    assertThat(given.network().peerAddr()).hasToString("h:3");
    assertThat(given.network().clientDomain()).hasToString("d:4");
    assertThat(given.network().insecure()).isTrue();
    assertThat(given.cluster().join()).hasToString("[a:1, b:2]");
    assertThat(given.cluster().secretFile()).isEqualTo(Path.of("s"));
    assertThat(given.tls())
        .isEqualTo(
            new TlsConfig(
                Path.of("c.pem"), Path.of("c.key"), Path.of("ca.pem"), TlsConfig.ClientAuth.WANT));
  }

  /** Runs the command on another thread, as it blocks until the node has stopped. */
  private CompletableFuture<Integer> start(String... more) {
    String[] arguments = new String[more.length + 1];
    arguments[0] = "--data=" + directory;
    System.arraycopy(more, 0, arguments, 1, more.length);
    return CompletableFuture.supplyAsync(() -> terminal.run(arguments));
  }

  private Path pidFile() {
    return directory.resolve("pid");
  }
}
