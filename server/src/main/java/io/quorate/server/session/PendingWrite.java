package io.quorate.server.session;

import io.quorate.server.lang.Deadline;
import java.util.concurrent.CompletableFuture;

/**
 * A write that is in the log's hands while nobody waits for it.
 *
 * @param request what was asked for
 * @param due when the client must have an answer
 * @param answer completes on a thread that must not be held up; fails when it is not certain what
 *     came of the write, or that something did, and {@link Session#settle} then finds out
 */
public record PendingWrite(
    StatementRequest request, Deadline due, CompletableFuture<StatementResult> answer) {}
