package io.quorate.server.tx;

/**
 * What lasts as long as this node leads one term: the locks. What is evaluated under it may be
 * proposed under it only.
 */
record Leadership(long epoch, LockTable locks) {}
