package io.quorate.server.security;

import java.security.SecureRandom;

/** Entrances of nodes that are made for a test. */
public final class Entrances {
  private static final EntryPolicy USUAL = new EntryPolicy(false, false, false, 4096);

  private Entrances() {}

  /** Everybody enters. */
  public static Entrance open() {
    return of(new KnownUsers());
  }

  /** Whoever is among the users enters. */
  public static Entrance of(KnownUsers users) {
    Entrance entrance = new Entrance(USUAL, users, new SecureRandom(), System::nanoTime);
    entrance.settle();
    return entrance;
  }
}
