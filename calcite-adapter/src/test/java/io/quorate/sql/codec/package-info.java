/** Tests of the codecs. */
@NullMarked
package io.quorate.sql.codec;

import org.jspecify.annotations.NullMarked;
