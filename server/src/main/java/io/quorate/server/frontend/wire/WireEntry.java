package io.quorate.server.frontend.wire;

import io.quorate.driver.wire.Authenticate;
import io.quorate.driver.wire.Challenge;
import io.quorate.driver.wire.Hello;
import io.quorate.driver.wire.ProtocolException;
import io.quorate.server.security.Entrance;
import io.quorate.server.security.EntryRefused;
import io.quorate.server.security.ScramExchange;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one connection gets in: its HELLO, and AUTHENTICATE where a password is asked for. Confined:
 * one message at a time.
 */
final class WireEntry {
  private final Entrance entrance;
  private final String address;
  private boolean greeted;
  private @Nullable Asked asked;

  /**
   * @param address of the client, for the log
   */
  WireEntry(Entrance entrance, String address) {
    this.entrance = entrance;
    this.address = address;
  }

  /** A client that has been asked for the proof of its password. */
  private record Asked(Hello hello, ScramExchange exchange) {}

  /** A client that is let in. */
  static final class Entered {
    final Hello hello;
    final String user;

    /** The node's own proof; empty where nothing was asked. */
    final byte[] verification;

    Entered(Hello hello, String user, byte[] verification) {
      this.hello = hello;
      this.user = user;
      this.verification = verification;
    }
  }

  /** Empty when the client is to be sent the {@link #challenge}. */
  Optional<Entered> greet(Hello hello) throws EntryRefused {
    if (greeted) {
      throw new ProtocolException("a second HELLO");
    }
    greeted = true;
    if (!entrance.asksForPassword()) {
      return Optional.of(new Entered(hello, entrance.canonical(hello.user()), new byte[0]));
    }
    if (hello.authentication().length == 0) {
      throw entrance.nothingSent(hello.user(), address);
    }
    asked = new Asked(hello, entrance.begin(hello.user(), hello.authentication(), address));
    return Optional.empty();
  }

  Challenge challenge() {
    return new Challenge(open().exchange.challenge().getBytes(StandardCharsets.UTF_8));
  }

  Entered finish(Authenticate proof) throws EntryRefused {
    Asked open = open();
    asked = null;
    byte[] verification = entrance.finish(open.exchange, proof.bytes());
    return new Entered(open.hello, open.exchange.user(), verification);
  }

  private Asked open() {
    Asked open = asked;
    if (open == null) {
      throw new ProtocolException("AUTHENTICATE comes behind CHALLENGE");
    }
    return open;
  }
}
