/** Tests of the parser. */
@NullMarked
package io.quorate.sql.parse;

import org.jspecify.annotations.NullMarked;
