/** Tests of the catalog. */
@NullMarked
package io.quorate.sql.catalog;

import org.jspecify.annotations.NullMarked;
