package io.quorate.server.store;

import java.time.Duration;

/**
 * How a store is doing, for who watches it.
 *
 * @param applied the newest revision
 * @param durable the revision that a crash cannot take away
 * @param viewsOpen read views that are open
 * @param oldestViewRevision what the oldest of them shows; {@code applied} where none is open
 * @param oldestViewAge for how long it has been open; no space that it shows is freed meanwhile
 * @param unsavedBytes of memory, that wait for a checkpoint
 * @param fileBytes what the file takes on disk
 * @param livePercent how much of the file is rows that are still shown to somebody
 */
public record StoreFacts(
    long applied,
    long durable,
    int viewsOpen,
    long oldestViewRevision,
    Duration oldestViewAge,
    long unsavedBytes,
    long fileBytes,
    int livePercent) {}
