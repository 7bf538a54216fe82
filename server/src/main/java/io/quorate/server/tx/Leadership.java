package io.quorate.server.tx;

/**
 * What lasts as long as this node leads one term: the locks, and which values of identity columns
 * were given. What is evaluated under it may be proposed under it only.
 */
record Leadership(long epoch, LockTable locks, SequenceCounters sequences) {}
