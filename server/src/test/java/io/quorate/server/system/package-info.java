/**
 * The core of Quorate in several processes: real nodes in JVMs of their own on the loopback
 * interface, killed, stopped and starved while writers write.
 *
 * <p>{@code SystemNodeMain} is {@code quorate server} with a {@code Probe}, a port that stands for
 * the client port and can also be asked what a client cannot. {@code SystemCluster} and {@code
 * SystemNode} start and hurt processes, {@code Writers} write and repeat what is in doubt, and
 * {@code Audit} reads everything back through every node.
 */
@NullMarked
package io.quorate.server.system;

import org.jspecify.annotations.NullMarked;
