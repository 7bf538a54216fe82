/**
 * What applications ask over HTTP, whichever port they ask: a key-value store, SQL as JSON, and
 * whether the node is there. Bytes in, bytes out; the ports read and write HTTP.
 *
 * <ul>
 *   <li><b>Called by:</b> the client port and the admin port, each on workers of its own.
 *   <li><b>State owned by:</b> nobody but the sessions that run, one for each request.
 *   <li><b>Must never happen:</b> a statement that does not go through a session of the user who
 *       asks, an answer without a bound, or a request that stops the node.
 * </ul>
 */
@NullMarked
package io.quorate.server.rest;

import org.jspecify.annotations.NullMarked;
