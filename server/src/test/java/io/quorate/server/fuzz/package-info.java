/**
 * What comes over the wire when the other side is broken or hostile: valid recordings, mutated by
 * the million, against the decoders, against the whole client port, and against the driver.
 *
 * <p>Every run has a seed and every input a number in it, so that a failure can be repeated; what
 * failed once is kept in a file of this package and runs first.
 */
@NullMarked
package io.quorate.server.fuzz;

import org.jspecify.annotations.NullMarked;
