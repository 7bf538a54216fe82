package io.quorate.server.frontend.avatica;

import io.quorate.server.lang.Invariant;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.ProtobufMeta;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * What Avatica's interface asks for and none of its remote procedures ever calls: a client answers
 * these by itself.
 */
abstract class RemoteMeta implements ProtobufMeta {
  private static RuntimeException unreachable() {
    return Invariant.violation("no remote procedure of Avatica calls this");
  }

  @Override
  public final MetaResultSet getProcedures(ConnectionHandle ch, String c, Pat s, Pat p) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getProcedureColumns(
      ConnectionHandle ch, String c, Pat s, Pat p, Pat n) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getColumnPrivileges(
      ConnectionHandle ch, String c, String s, String t, Pat n) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getTablePrivileges(ConnectionHandle ch, String c, Pat s, Pat t) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getBestRowIdentifier(
      ConnectionHandle ch, String c, String s, String t, int scope, boolean nullable) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getVersionColumns(ConnectionHandle ch, String c, String s, String t) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getPrimaryKeys(ConnectionHandle ch, String c, String s, String t) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getImportedKeys(ConnectionHandle ch, String c, String s, String t) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getExportedKeys(ConnectionHandle ch, String c, String s, String t) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getCrossReference(
      ConnectionHandle ch, String pc, String ps, String pt, String fc, String fs, String ft) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getIndexInfo(
      ConnectionHandle ch, String c, String s, String t, boolean unique, boolean approximate) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getUDTs(ConnectionHandle ch, String c, Pat s, Pat t, int[] types) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getSuperTypes(ConnectionHandle ch, String c, Pat s, Pat t) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getSuperTables(ConnectionHandle ch, String c, Pat s, Pat t) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getAttributes(ConnectionHandle ch, String c, Pat s, Pat t, Pat a) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getClientInfoProperties(ConnectionHandle ch) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getFunctions(ConnectionHandle ch, String c, Pat s, Pat f) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getFunctionColumns(
      ConnectionHandle ch, String c, Pat s, Pat f, Pat n) {
    throw unreachable();
  }

  @Override
  public final MetaResultSet getPseudoColumns(ConnectionHandle ch, String c, Pat s, Pat t, Pat n) {
    throw unreachable();
  }

  @Override
  public final Iterable<Object> createIterable(
      StatementHandle h,
      QueryState state,
      Meta.Signature signature,
      List<TypedValue> parameters,
      Meta.Frame firstFrame) {
    throw unreachable();
  }

  @Override
  @Deprecated
  public final ExecuteResult prepareAndExecute(
      StatementHandle h, String sql, long rowsMax, PrepareCallback callback) {
    throw unreachable();
  }

  @Override
  @Deprecated
  public final ExecuteResult execute(StatementHandle h, List<TypedValue> values, long rowsMax) {
    throw unreachable();
  }
}
