/**
 * The durable log and vote of one member: write-ahead log segments and the vote file.
 *
 * <p>Called by the consensus library on its log thread (appends, truncation) and on any thread
 * (reads). What must never happen here: reporting an entry or a vote as kept before its sync has
 * returned, going on after an error, or mistaking damage for the torn end of a log.
 */
@NullMarked
package io.quorate.server.cluster.wal;

import org.jspecify.annotations.NullMarked;
