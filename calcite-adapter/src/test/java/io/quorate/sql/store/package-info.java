/** Stores for tests. */
@NullMarked
package io.quorate.sql.store;

import org.jspecify.annotations.NullMarked;
