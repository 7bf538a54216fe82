package io.quorate.server.frontend;

import io.quorate.server.config.HostPort;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.Entrances;
import io.quorate.server.tls.NodeTls;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client port on a free port of this machine, in front of {@link FakeStatements}. */
final class TestPort implements AutoCloseable {
  final FakeStatements statements = new FakeStatements();
  final AtomicReference<@Nullable Throwable> uncaught = new AtomicReference<>();
  private final ClientPort port;

  TestPort() {
    this(Entrances.open());
  }

  TestPort(Entrance entrance) {
    this(Optional.empty(), PortLimits.DEFAULT, entrance);
  }

  TestPort(Optional<NodeTls> tls, PortLimits limits) {
    this(tls, limits, Entrances.open());
  }

  TestPort(Optional<NodeTls> tls, PortLimits limits, Entrance entrance) {
    AtomicInteger number = new AtomicInteger();
    port =
        new ClientPort(
            new ClientPortConfig(new HostPort("127.0.0.1", 0), tls, limits),
            statements,
            entrance,
            name ->
                task -> {
                  Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                  thread.setDaemon(true);
                  thread.setUncaughtExceptionHandler((dead, cause) -> uncaught.set(cause));
                  return thread;
                },
            System::nanoTime);
    port.open();
  }

  HostPort address() {
    return port.boundAddress();
  }

  long requestBytes() {
    return port.requestBytes();
  }

  int connections() {
    return port.connections();
  }

  @Override
  public void close() {
    port.close();
  }
}
