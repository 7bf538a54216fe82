/**
 * What an operator may ask of a node, once, for HTTP, SQL and console alike.
 *
 * <ul>
 *   <li><b>Called by:</b> the admin port, the SQL statements beginning with ADMIN, and the console.
 *   <li><b>State owned by:</b> one admin thread owns one request until its deadline; those of
 *       applications are answered by {@code rest}, on threads of their own.
 *   <li><b>Must never happen:</b> a command that one of the skins can give and another cannot.
 * </ul>
 */
@NullMarked
package io.quorate.server.admin;

import org.jspecify.annotations.NullMarked;
