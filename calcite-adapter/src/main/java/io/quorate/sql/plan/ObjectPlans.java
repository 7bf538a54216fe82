package io.quorate.sql.plan;

import io.quorate.sql.catalog.Comments;
import io.quorate.sql.catalog.Renames;
import io.quorate.sql.catalog.Sequences;
import io.quorate.sql.catalog.Views;
import io.quorate.sql.lang.SqlFailure;
import io.quorate.sql.lang.SqlFailure.State;
import io.quorate.sql.parse.ObjectStatement;
import java.util.Optional;

/** Plans for the statements about views, sequences, comments and names. Pure. */
final class ObjectPlans implements ObjectStatement.Cases<Plan> {
  private final String schema;

  /**
   * @param schema for names without one
   */
  ObjectPlans(String schema) {
    this.schema = schema;
  }

  @Override
  public Plan createView(ObjectStatement.CreateView statement) {
    throw new SqlFailure(State.INTERNAL_ERROR, "is planned with its query");
  }

  @Override
  public Plan dropView(ObjectStatement.DropView statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return DefinitionPlan.ofExisting(
        in,
        name,
        statement.ifExists(),
        (catalog, view) -> Optional.of(Views.drop(catalog, in, name, statement.cascade())));
  }

  @Override
  public Plan createSequence(ObjectStatement.CreateSequence statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return new DefinitionPlan(
        catalog ->
            statement.ifNotExists() && catalog.objects().findSequence(in, name).isPresent()
                ? Optional.empty()
                : Optional.of(Sequences.create(catalog, in, name, statement.said())));
  }

  @Override
  public Plan alterSequence(ObjectStatement.AlterSequence statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return DefinitionPlan.ofExisting(
        in,
        name,
        statement.ifExists(),
        (catalog, view) -> Optional.of(Sequences.alter(catalog, in, name, statement.said(), view)));
  }

  @Override
  public Plan rename(ObjectStatement.Rename statement) {
    Renames.Kind kind = statement.kind();
    String name = statement.name().name();
    String in = kind == Renames.Kind.SCHEMA ? name : statement.name().schemaOr(schema);
    return new DefinitionPlan(
        catalog ->
            statement.ifExists() && Renames.isMissing(catalog, kind, in, name)
                ? Optional.empty()
                : Optional.of(Renames.rename(catalog, kind, in, name, statement.to())));
  }

  @Override
  public Plan dropSequence(ObjectStatement.DropSequence statement) {
    String in = statement.name().schemaOr(schema);
    String name = statement.name().name();
    return DefinitionPlan.ofExisting(
        in,
        name,
        statement.ifExists(),
        (catalog, view) -> Optional.of(Sequences.drop(catalog, in, name, statement.cascade())));
  }

  @Override
  public Plan comment(ObjectStatement.Comment statement) {
    boolean ofSchema = statement.kind() == Comments.Kind.SCHEMA;
    String name = statement.name().name();
    Comments.Subject subject =
        new Comments.Subject(
            statement.kind(),
            ofSchema ? name : statement.name().schemaOr(schema),
            name,
            statement.column());
    return new DefinitionPlan(
        catalog -> Optional.of(Comments.set(catalog, subject, statement.text())));
  }
}
