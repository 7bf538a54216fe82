<#--
  The statements that Calcite's grammar lacks. Each ends in a record of Statement; what a rule collects
  on its way is in Java classes of the package, so that little code stands here.
-->

SqlNode CreateStatement() :
{
    final Span s;
    final Statement statement;
}
{
    <CREATE> { s = span(); }
    (
        statement = CreateTable()
    |
        statement = CreateSchema()
    |
        statement = CreateIndex(false)
    |
        <UNIQUE> statement = CreateIndex(true)
    |
        statement = CreateSequence()
    |
        <OR> <REPLACE> ( statement = CreateUser(true) | statement = CreateView(true) )
    |
        statement = CreateView(false)
    |
        statement = CreateUser(false)
    |
        statement = CreateRole()
    )
    {
        return new StatementNode(s.end(this), statement);
    }
}

Statement CreateUser(boolean orReplace) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    Secret password = null;
    Boolean admin = null;
}
{
    <USER> ifNotExists = IfNotExists() name = SimpleIdentifier()
    [
        [ <WITH> ] <PASSWORD> password = PasswordText()
    ]
    [ admin = Administrator() ]
    {
        return new Statement.CreateUser(
            name.getSimple(), orReplace, ifNotExists, password, admin);
    }
}

/** Whether a user may do everything. */
Boolean Administrator() :
{
}
{
    <ADMIN> { return true; }
|
    <NO> <ADMIN> { return false; }
}

Statement CreateRole() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    SqlIdentifier admin = null;
    boolean ownerAdmin = false;
}
{
    <ROLE> ifNotExists = IfNotExists() name = SimpleIdentifier()
    [
        <WITH> <ADMIN>
        (
            ( <CURRENT_USER> | <CURRENT_ROLE> ) { ownerAdmin = true; }
        |
            admin = SimpleIdentifier()
        )
    ]
    {
        return new Statement.OfAccess(new AccessStatement.CreateRole(
            name.getSimple(), ifNotExists, ownerAdmin,
            admin == null ? null : admin.getSimple()));
    }
}

SqlNode GrantStatement() :
{
    final Span s;
    final Statement statement;
}
{
    <GRANT> { s = span(); } statement = Grant(s)
    {
        return new StatementNode(s.end(this), statement);
    }
}

Statement Grant(Span s) :
{
    final AccessWords words = new AccessWords();
}
{
    AccessItems(words)
    [ AccessObjects(words) ]
    <TO> Grantees(words)
    [
        <WITH>
        (
            <GRANT> { words.option("GRANT"); }
        |
            <ADMIN> { words.option("ADMIN"); }
        )
        <OPTION>
    ]
    [ Grantor(words) ]
    {
        return words.grant(s.pos());
    }
}

SqlNode RevokeStatement() :
{
    final Span s;
    final AccessWords words = new AccessWords();
    final boolean cascade;
}
{
    <REVOKE> { s = span(); }
    [
        LOOKAHEAD(2)
        (
            <GRANT> { words.option("GRANT"); }
        |
            <ADMIN> { words.option("ADMIN"); }
        )
        <OPTION> <FOR>
    ]
    AccessItems(words)
    [ AccessObjects(words) ]
    <FROM> Grantees(words)
    [ Grantor(words) ]
    cascade = Cascade()
    {
        return new StatementNode(s.end(this), words.revoke(cascade, s.pos()));
    }
}

void AccessItems(AccessWords words) :
{
}
{
    <ALL> [ <PRIVILEGES> ] { words.all(); }
|
    AccessItem(words) ( <COMMA> AccessItem(words) )*
}

/** A privilege or a role: which of them, only what follows can tell. */
void AccessItem(AccessWords words) :
{
    final String name;
    SqlNodeList columns = SqlNodeList.EMPTY;
}
{
    (
        (
            <SELECT> | <INSERT> | <UPDATE> | <DELETE> | <REFERENCES> | <CREATE>
        )
        { name = token.image.toUpperCase(Locale.ROOT); }
    |
        name = Identifier()
    )
    [ columns = ParenthesizedSimpleIdentifierList() ]
    {
        words.item(name, columns);
    }
}

void AccessObjects(AccessWords words) :
{
    Privilege.Kind kind = Privilege.Kind.TABLE;
}
{
    <ON>
    [
        LOOKAHEAD(2)
        (
            <TABLE>
        |
            <SEQUENCE> { kind = Privilege.Kind.SEQUENCE; }
        |
            <SCHEMA> { kind = Privilege.Kind.SCHEMA; }
        )
    ]
    AccessObject(words, kind) ( <COMMA> AccessObject(words, kind) )*
}

void AccessObject(AccessWords words, Privilege.Kind kind) :
{
    final SqlIdentifier name;
}
{
    name = CompoundIdentifier() { words.object(kind, name); }
}

void Grantees(AccessWords words) :
{
}
{
    Grantee(words) ( <COMMA> Grantee(words) )*
}

void Grantee(AccessWords words) :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier() { words.grantee(name); }
}

void Grantor(AccessWords words) :
{
    final SqlIdentifier name;
}
{
    <GRANTED> <BY>
    (
        <CURRENT_USER>
    |
        <CURRENT_ROLE>
    |
        name = SimpleIdentifier() { words.grantor(name); }
    )
}

Secret PasswordText() :
{
}
{
    <QUOTED_STRING> { return new Secret(SqlParserUtil.parseString(token.image)); }
}

SqlNode AlterStatement() :
{
    final Span s;
    final Statement statement;
}
{
    <ALTER> { s = span(); }
    (
        statement = AlterUser()
    |
        statement = AlterTable()
    |
        statement = AlterSequence()
    |
        statement = AlterName()
    )
    {
        return new StatementNode(s.end(this), statement);
    }
}

Statement AlterUser() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    Secret password = null;
    Boolean admin = null;
}
{
    <USER> ifExists = IfExists() name = SimpleIdentifier()
    (
        admin = Administrator()
    |
        [ <WITH> ] <PASSWORD>
        (
            <NULL>
        |
            password = PasswordText()
        )
    )
    {
        return new Statement.AlterUser(name.getSimple(), ifExists, password, admin);
    }
}

/** Of what has nothing else to be altered. */
Statement AlterName() :
{
    final Renames.Kind kind;
    final boolean ifExists;
    final SqlIdentifier name;
    final SqlIdentifier to;
}
{
    (
        <SCHEMA> { kind = Renames.Kind.SCHEMA; }
    |
        <VIEW> { kind = Renames.Kind.VIEW; }
    |
        <INDEX> { kind = Renames.Kind.INDEX; }
    )
    ifExists = IfExists() name = CompoundIdentifier()
    <RENAME> <TO> to = SimpleIdentifier()
    {
        return ObjectNames.rename(kind, name, ifExists, to.getSimple());
    }
}

Statement AlterTable() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final TableChange change;
}
{
    <TABLE> ifExists = IfExists() name = CompoundIdentifier()
    (
        <RENAME> change = Renaming()
    |
        <ALTER> [ <COLUMN> ] change = ColumnChange()
    |
        <ADD> ( LOOKAHEAD(2) change = NewConstraint() | change = NewColumn() )
    |
        <DROP> ( change = DroppedConstraint() | change = DroppedColumn() )
    )
    {
        return new Statement.AlterTable(ObjectName.of(name), ifExists, change);
    }
}

TableChange Renaming() :
{
    final SqlIdentifier from;
    final SqlIdentifier to;
}
{
    <TO> to = SimpleIdentifier() { return new TableChange.Rename(to.getSimple()); }
|
    [ <COLUMN> ] from = SimpleIdentifier() <TO> to = SimpleIdentifier()
    {
        return new TableChange.RenameColumn(from.getSimple(), to.getSimple());
    }
}

TableChange NewConstraint() :
{
    final SqlIdentifier name;
    final TableElements elements = new TableElements();
}
{
    (
        <CONSTRAINT> name = SimpleIdentifier() TableConstraint(elements, name.getSimple())
    |
        TableConstraint(elements, null)
    )
    {
        return elements.addedConstraint();
    }
}

TableChange DroppedConstraint() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    boolean cascade = false;
}
{
    <CONSTRAINT> ifExists = IfExists() name = SimpleIdentifier()
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    {
        return new TableChange.DropConstraint(name.getSimple(), ifExists, cascade);
    }
}

TableChange NewColumn() :
{
    final boolean ifNotExists;
    final TableElements elements = new TableElements();
}
{
    [ <COLUMN> ] ifNotExists = IfNotExists() TableColumn(elements)
    {
        return elements.addedColumn(ifNotExists);
    }
}

TableChange DroppedColumn() :
{
    final boolean ifExists;
    final String column;
    boolean cascade = false;
}
{
    [ <COLUMN> ] ifExists = IfExists() column = Identifier()
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    {
        return new TableChange.DropColumn(column, ifExists, cascade);
    }
}

TableChange ColumnChange() :
{
    final String column;
    final Token first;
    final SqlNode value;
    final SqlDataTypeSpec type;
}
{
    column = Identifier()
    (
        <SET>
        (
            <DEFAULT_> { first = getToken(1); }
            value = Expression(ExprContext.ACCEPT_SUB_QUERY)
            {
                DefaultCheck.check(column, value);
                return new TableChange.SetDefault(column, SqlText.of(originalSql).between(
                    first.beginLine, first.beginColumn, getToken(0).endLine, getToken(0).endColumn));
            }
        |
            <NOT> <NULL> { return new TableChange.SetNotNull(column); }
        |
            <DATA> <TYPE> type = ColumnType()
            { return new TableChange.SetType(column, DataTypes.of(type)); }
        )
    |
        <TYPE> type = ColumnType()
        { return new TableChange.SetType(column, DataTypes.of(type)); }
    |
        <DROP>
        (
            <DEFAULT_> { return new TableChange.DropDefault(column); }
        |
            <NOT> <NULL> { return new TableChange.DropNotNull(column); }
        )
    )
}

SqlNode CommentStatement() :
{
    final Span s;
    final Comments.Kind kind;
    final SqlIdentifier name;
    String text = null;
}
{
    <COMMENT> { s = span(); } <ON>
    (
        <SCHEMA> { kind = Comments.Kind.SCHEMA; }
    |
        <TABLE> { kind = Comments.Kind.TABLE; }
    |
        <VIEW> { kind = Comments.Kind.VIEW; }
    |
        <COLUMN> { kind = Comments.Kind.COLUMN; }
    |
        <INDEX> { kind = Comments.Kind.INDEX; }
    |
        <SEQUENCE> { kind = Comments.Kind.SEQUENCE; }
    )
    name = CompoundIdentifier() <IS>
    (
        <NULL>
    |
        <QUOTED_STRING> { text = SqlParserUtil.parseString(token.image); }
    )
    {
        return new StatementNode(
            s.end(this), new Statement.OfObject(ObjectNames.comment(kind, name, text)));
    }
}

SqlNode TruncateStatement() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <TRUNCATE> { s = span(); } [ <TABLE> ] name = CompoundIdentifier()
    {
        return new StatementNode(s.end(this), new Statement.Truncate(ObjectName.of(name)));
    }
}

/** The word TABLE may stand before the name, as it may in other databases. */
SqlNode AnalyzeStatement() :
{
    final Span s;
    SqlIdentifier name = null;
    SqlNodeList columns = SqlNodeList.EMPTY;
}
{
    <ANALYZE> { s = span(); }
    (
        <TABLE> name = CompoundIdentifier() [ columns = ParenthesizedSimpleIdentifierList() ]
    |
        name = CompoundIdentifier() [ columns = ParenthesizedSimpleIdentifierList() ]
    |
        { }
    )
    {
        return new StatementNode(s.end(this), new Statement.Analyze(
            name == null ? null : ObjectName.of(name), SqlIdentifier.simpleNames(columns)));
    }
}

boolean IfNotExists() :
{
}
{
    LOOKAHEAD(3)
    <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

boolean IfExists() :
{
}
{
    LOOKAHEAD(2)
    <IF> <EXISTS> { return true; }
|
    { return false; }
}

Statement CreateTable() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final TableElements elements = new TableElements();
    final SqlNodeList columns;
    final Statement statement;
}
{
    <TABLE> ifNotExists = IfNotExists() name = CompoundIdentifier()
    (
        <AS> statement = TableOfQuery(name, ifNotExists, SqlNodeList.EMPTY)
        { return statement; }
    |
        LOOKAHEAD(ParenthesizedSimpleIdentifierList() <AS>)
        columns = ParenthesizedSimpleIdentifierList() <AS>
        statement = TableOfQuery(name, ifNotExists, columns)
        { return statement; }
    |
        <LPAREN>
        TableElement(elements)
        (
            <COMMA> TableElement(elements)
        )*
        <RPAREN>
        {
            return elements.table(ObjectName.of(name), ifNotExists);
        }
    )
}

Statement TableOfQuery(SqlIdentifier name, boolean ifNotExists, SqlNodeList columns) :
{
    final SqlNode query;
    boolean withData = true;
}
{
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    [ <WITH> [ <NO> { withData = false; } ] <DATA> ]
    {
        return new Statement.CreateTableAs(
            ObjectName.of(name), ifNotExists, SqlIdentifier.simpleNames(columns), query, withData);
    }
}

void TableElement(TableElements elements) :
{
    final SqlIdentifier name;
}
{
    <CONSTRAINT> name = SimpleIdentifier() TableConstraint(elements, name.getSimple())
|
    LOOKAHEAD(2)
    TableConstraint(elements, null)
|
    TableColumn(elements)
}

void TableConstraint(TableElements elements, String name) :
{
}
{
    TableKey(elements, name)
|
    Check(elements, name, false)
|
    ForeignKey(elements, name)
}

void ForeignKey(TableElements elements, String name) :
{
    final SqlNodeList columns;
    final ReferenceOptions options;
}
{
    <FOREIGN> <KEY> columns = ParenthesizedSimpleIdentifierList()
    options = References()
    {
        elements.foreignKey(name, columns, options);
    }
}

ReferenceOptions References() :
{
    final SqlIdentifier table;
    final SqlNodeList columns;
    final ReferenceOptions options;
}
{
    <REFERENCES> table = CompoundIdentifier() { options = new ReferenceOptions(table); }
    [ columns = ParenthesizedSimpleIdentifierList() { options.columns(columns); } ]
    [
        <MATCH>
        (
            <SIMPLE>
        |
            <FULL> { options.full(); }
        |
            <PARTIAL> { if (true) { throw ReferenceOptions.partial(getPos()); } }
        )
    ]
    ( ReferentialAction(options) )*
    ( LOOKAHEAD(2) ConstraintTiming() )*
    {
        return options;
    }
}

void ReferentialAction(ReferenceOptions options) :
{
    final SqlParserPos at;
    final ForeignKeyDef.Action action;
}
{
    <ON> { at = getPos(); }
    (
        <DELETE> action = ReferentialActionName() { options.onDelete(action, at); }
    |
        <UPDATE> action = ReferentialActionName() { options.onUpdate(action, at); }
    )
}

ForeignKeyDef.Action ReferentialActionName() :
{
}
{
    <NO> <ACTION> { return ForeignKeyDef.Action.NO_ACTION; }
|
    <RESTRICT> { return ForeignKeyDef.Action.RESTRICT; }
|
    <CASCADE> { return ForeignKeyDef.Action.CASCADE; }
|
    <SET>
    (
        <NULL> { return ForeignKeyDef.Action.SET_NULL; }
    |
        <DEFAULT_> { return ForeignKeyDef.Action.SET_DEFAULT; }
    )
}

/** Only what is so anyway. */
void ConstraintTiming() :
{
}
{
    <NOT> <DEFERRABLE>
|
    <DEFERRABLE> { if (true) { throw ReferenceOptions.deferred(getPos()); } }
|
    <INITIALLY>
    (
        <IMMEDIATE>
    |
        <DEFERRED> { if (true) { throw ReferenceOptions.deferred(getPos()); } }
    )
}

void Check(TableElements elements, String name, boolean ofColumn) :
{
    final Token first;
    final SqlNode condition;
    final String text;
}
{
    <CHECK> <LPAREN> { first = getToken(1); }
    condition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    {
        text = SqlText.of(originalSql).between(
            first.beginLine, first.beginColumn, getToken(0).endLine, getToken(0).endColumn);
    }
    <RPAREN>
    {
        if (ofColumn) {
            elements.columnCheck(name, condition, text);
        } else {
            elements.check(name, condition, text);
        }
    }
}

void TableKey(TableElements elements, String name) :
{
    final boolean primary;
    final SqlNodeList columns;
}
{
    (
        <PRIMARY> <KEY> { primary = true; }
    |
        <UNIQUE> { primary = false; }
    )
    columns = ParenthesizedSimpleIdentifierList()
    {
        elements.key(name, primary, columns);
    }
}

void TableColumn(TableElements elements) :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
}
{
    name = SimpleIdentifier() type = ColumnType()
    {
        elements.column(name, type);
    }
    (
        ColumnOption(elements)
    )*
}

void ColumnOption(TableElements elements) :
{
    final SqlIdentifier name;
    final Token first;
    final SqlNode value;
}
{
    <NOT> <NULL> { elements.notNull(getPos()); }
|
    <NULL> { elements.nullable(getPos()); }
|
    <DEFAULT_> { first = getToken(1); }
    value = Expression(ExprContext.ACCEPT_SUB_QUERY)
    {
        elements.defaultValue(value, SqlText.of(originalSql).between(
            first.beginLine, first.beginColumn, getToken(0).endLine, getToken(0).endColumn));
    }
|
    GeneratedColumn(elements)
|
    <CONSTRAINT> name = SimpleIdentifier() ColumnConstraint(elements, name.getSimple())
|
    ColumnConstraint(elements, null)
}

void ColumnConstraint(TableElements elements, String name) :
{
}
{
    ColumnKey(elements, name)
|
    Check(elements, name, true)
|
    ColumnReference(elements, name)
}

void ColumnReference(TableElements elements, String name) :
{
    final ReferenceOptions options;
}
{
    options = References()
    {
        elements.foreignKey(name, null, options);
    }
}

void GeneratedColumn(TableElements elements) :
{
    final SqlParserPos at;
    final boolean always;
}
{
    <GENERATED> { at = getPos(); }
    (
        <ALWAYS> { always = true; }
    |
        <BY> <DEFAULT_> { always = false; }
    )
    <AS>
    (
        <IDENTITY>
        [
            <LPAREN> ( IdentityOption(elements.identityOptions()) )+ <RPAREN>
        ]
        {
            elements.identity(always, at);
        }
    |
        GeneratedValue(elements, always, at)
    )
}

void GeneratedValue(TableElements elements, boolean always, SqlParserPos at) :
{
    final Token first;
    final SqlNode value;
    final String text;
    boolean stored = true;
}
{
    <LPAREN> { first = getToken(1); }
    value = Expression(ExprContext.ACCEPT_SUB_QUERY)
    {
        text = SqlText.of(originalSql).between(
            first.beginLine, first.beginColumn, getToken(0).endLine, getToken(0).endColumn);
    }
    <RPAREN>
    [ <STORED> | <VIRTUAL> { stored = false; } ]
    {
        elements.generated(always, stored, value, text, at);
    }
}

void IdentityOption(IdentityOptions options) :
{
    final SqlLiteral number;
}
{
    <START> <WITH> number = NumericLiteral() { options.start(number); }
|
    <INCREMENT> <BY> number = NumericLiteral() { options.increment(number); }
}

void ColumnKey(TableElements elements, String name) :
{
}
{
    <PRIMARY> <KEY> { elements.columnKey(name, true); }
|
    <UNIQUE> { elements.columnKey(name, false); }
}

Statement CreateSchema() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
}
{
    <SCHEMA> ifNotExists = IfNotExists() name = CompoundIdentifier()
    {
        return new Statement.CreateSchema(ObjectName.ofSchema(name), ifNotExists);
    }
}

Statement CreateIndex(boolean unique) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final SqlIdentifier table;
    final List<String> columns = new ArrayList<String>();
    final Set<Integer> descending = new HashSet<Integer>();
}
{
    <INDEX> ifNotExists = IfNotExists() name = SimpleIdentifier()
    <ON> table = CompoundIdentifier()
    <LPAREN>
    IndexColumn(columns, descending)
    (
        <COMMA> IndexColumn(columns, descending)
    )*
    <RPAREN>
    {
        return new Statement.CreateIndex(
            name.getSimple(), ObjectName.of(table), columns, descending, unique, ifNotExists);
    }
}

void IndexColumn(List<String> columns, Set<Integer> descending) :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier() [ <ASC> | <DESC> { descending.add(columns.size()); } ]
    {
        columns.add(name.getSimple());
    }
}

Statement CreateView(boolean orReplace) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final List<String> columns = new ArrayList<String>();
    final Token first;
}
{
    <VIEW> ifNotExists = IfNotExists() name = CompoundIdentifier()
    [
        <LPAREN> ViewColumn(columns) ( <COMMA> ViewColumn(columns) )* <RPAREN>
    ]
    <AS> { first = getToken(1); }
    OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    {
        return new Statement.OfObject(new ObjectStatement.CreateView(
            ObjectName.of(name), orReplace, ifNotExists, columns,
            SqlText.of(originalSql).between(
                first.beginLine, first.beginColumn, getToken(0).endLine, getToken(0).endColumn)));
    }
}

void ViewColumn(List<String> columns) :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier() { columns.add(name.getSimple()); }
}

Statement CreateSequence() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final SequenceWords words = new SequenceWords();
}
{
    <SEQUENCE> ifNotExists = IfNotExists() name = CompoundIdentifier()
    (
        SequenceWord(words)
    )*
    {
        return new Statement.OfObject(new ObjectStatement.CreateSequence(
            ObjectName.of(name), ifNotExists, words.said()));
    }
}

Statement AlterSequence() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final SqlIdentifier to;
    final SequenceWords words = new SequenceWords();
}
{
    <SEQUENCE> ifExists = IfExists() name = CompoundIdentifier()
    (
        <RENAME> <TO> to = SimpleIdentifier()
        {
            return ObjectNames.rename(Renames.Kind.SEQUENCE, name, ifExists, to.getSimple());
        }
    |
        (
            SequenceWord(words)
        |
            Restart(words)
        )+
        {
            return new Statement.OfObject(new ObjectStatement.AlterSequence(
                ObjectName.of(name), ifExists, words.said()));
        }
    )
}

void SequenceWord(SequenceWords words) :
{
    final SqlDataTypeSpec type;
    final SqlLiteral number;
}
{
    <AS> type = DataType() { words.type(type); }
|
    <START> [ <WITH> ] number = NumericLiteral() { words.number(Word.START, number); }
|
    <INCREMENT> [ <BY> ] number = NumericLiteral() { words.number(Word.INCREMENT, number); }
|
    <MINVALUE> number = NumericLiteral() { words.number(Word.MINVALUE, number); }
|
    <MAXVALUE> number = NumericLiteral() { words.number(Word.MAXVALUE, number); }
|
    <CYCLE> { words.cycle(true, getPos()); }
|
    <CACHE> number = NumericLiteral() { words.cache(number); }
|
    <NO>
    (
        <MINVALUE> { words.bare(Word.MINVALUE, getPos()); }
    |
        <MAXVALUE> { words.bare(Word.MAXVALUE, getPos()); }
    |
        <CYCLE> { words.cycle(false, getPos()); }
    )
}

void Restart(SequenceWords words) :
{
    final SqlParserPos at;
    SqlLiteral number = null;
}
{
    <RESTART> { at = getPos(); }
    [
        [ <WITH> ] number = NumericLiteral()
    ]
    {
        if (number == null) {
            words.bare(Word.RESTART, at);
        } else {
            words.number(Word.RESTART, number);
        }
    }
}

boolean Cascade() :
{
}
{
    <CASCADE> { return true; }
|
    [ <RESTRICT> ] { return false; }
}

SqlNode DropStatement() :
{
    final Span s;
    final boolean ifExists;
    final SqlIdentifier name;
    final Statement statement;
    final boolean cascade;
}
{
    <DROP> { s = span(); }
    (
        <TABLE> ifExists = IfExists() name = CompoundIdentifier() cascade = Cascade()
        { statement = new Statement.DropTable(ObjectName.of(name), ifExists, cascade); }
    |
        <INDEX> ifExists = IfExists() name = CompoundIdentifier() [ <CASCADE> | <RESTRICT> ]
        { statement = new Statement.DropIndex(ObjectName.of(name), ifExists); }
    |
        <SCHEMA> ifExists = IfExists() name = CompoundIdentifier() cascade = Cascade()
        { statement = new Statement.DropSchema(ObjectName.ofSchema(name), ifExists, cascade); }
    |
        <VIEW> ifExists = IfExists() name = CompoundIdentifier() cascade = Cascade()
        {
            statement = new Statement.OfObject(
                new ObjectStatement.DropView(ObjectName.of(name), ifExists, cascade));
        }
    |
        <SEQUENCE> ifExists = IfExists() name = CompoundIdentifier() cascade = Cascade()
        {
            statement = new Statement.OfObject(
                new ObjectStatement.DropSequence(ObjectName.of(name), ifExists, cascade));
        }
    |
        <USER> ifExists = IfExists() name = SimpleIdentifier()
        { statement = new Statement.DropUser(name.getSimple(), ifExists); }
    |
        <ROLE> ifExists = IfExists() name = SimpleIdentifier()
        {
            statement = new Statement.OfAccess(
                new AccessStatement.DropRole(name.getSimple(), ifExists));
        }
    )
    {
        return new StatementNode(s.end(this), statement);
    }
}

SqlNode BeginStatement() :
{
    final Span s;
    final TransactionModes modes = new TransactionModes();
}
{
    (
        <START> { s = span(); } <TRANSACTION>
    |
        <BEGIN> { s = span(); } [ <TRANSACTION> | <WORK> ]
    )
    [
        TransactionMode(modes)
        (
            [ <COMMA> ] TransactionMode(modes)
        )*
    ]
    {
        return new StatementNode(s.end(this), modes.begin());
    }
}

void TransactionMode(TransactionModes modes) :
{
}
{
    <READ>
    (
        <ONLY> { modes.readOnly(true, getPos()); }
    |
        <WRITE> { modes.readOnly(false, getPos()); }
    )
|
    <ISOLATION> <LEVEL>
    (
        <SERIALIZABLE> { modes.isolation("SERIALIZABLE", getPos()); }
    |
        <REPEATABLE> <READ> { modes.isolation("REPEATABLE READ", getPos()); }
    |
        <READ>
        (
            <COMMITTED> { modes.isolation("READ COMMITTED", getPos()); }
        |
            <UNCOMMITTED> { modes.isolation("READ UNCOMMITTED", getPos()); }
        )
    )
}

SqlNode CommitStatement() :
{
    final Span s;
}
{
    <COMMIT> { s = span(); } [ <WORK> | <TRANSACTION> ]
    {
        return new StatementNode(s.end(this), new Statement.Commit());
    }
}

SqlNode RollbackStatement() :
{
    final Span s;
    final String name;
    Statement statement = new Statement.Rollback();
}
{
    <ROLLBACK> { s = span(); } [ <WORK> | <TRANSACTION> ]
    [
        <TO> name = SavepointName()
        { statement = new Statement.Savepoint(SavepointStep.ROLLBACK_TO, name); }
    ]
    {
        return new StatementNode(s.end(this), statement);
    }
}

SqlNode SavepointStatement() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <SAVEPOINT> { s = span(); } name = SimpleIdentifier()
    {
        return new StatementNode(
            s.end(this), new Statement.Savepoint(SavepointStep.SET, name.getSimple()));
    }
}

SqlNode ReleaseStatement() :
{
    final Span s;
    final String name;
}
{
    <RELEASE> { s = span(); } name = SavepointName()
    {
        return new StatementNode(
            s.end(this), new Statement.Savepoint(SavepointStep.RELEASE, name));
    }
}

/** The word SAVEPOINT may stand before a name, and may be one. */
String SavepointName() :
{
    final SqlIdentifier name;
}
{
    [ LOOKAHEAD(<SAVEPOINT> SimpleIdentifier()) <SAVEPOINT> ]
    name = SimpleIdentifier()
    {
        return name.getSimple();
    }
}

SqlNode SetStatement() :
{
    final Span s;
    final SqlIdentifier name;
    final String value;
}
{
    <SET> { s = span(); }
    (
        LOOKAHEAD(<CLUSTER> SimpleIdentifier())
        <CLUSTER> name = SimpleIdentifier() ( <EQ> | <TO> ) value = SettingValue()
        {
            return new StatementNode(
                s.end(this),
                new Statement.OfAdmin(
                    new AdminStatement.SetCluster(Settings.nameOf(name), value)));
        }
    |
        name = CompoundIdentifier()
        (
            <EQ>
        |
            <TO>
        |
            { Settings.checkNeedsNoSign(name, getToken(1)); }
        )
        value = SettingValue()
        {
            return new StatementNode(
                s.end(this), new Statement.SetSetting(Settings.nameOf(name), value));
        }
    )
}

String SettingValue() :
{
    final SqlNode number;
    final SqlIdentifier word;
}
{
    number = NumericLiteral() { return number.toString(); }
|
    <QUOTED_STRING> { return SqlParserUtil.parseString(token.image); }
|
    ( <TRUE> | <FALSE> | <ON> | <DEFAULT_> ) { return token.image.toUpperCase(Locale.ROOT); }
|
    word = CompoundIdentifier() { return String.join(".", word.names); }
}

SqlNode ShowStatement() :
{
    final Span s;
    final SqlIdentifier name;
    SqlIdentifier schema = null;
    final Statement statement;
}
{
    <SHOW> { s = span(); }
    (
        <ALL>
        { statement = new Statement.ShowSetting(null); }
    |
        LOOKAHEAD(1) <TABLES> [ ( <FROM> | <IN> ) schema = CompoundIdentifier() ]
        {
            statement = new Statement.ShowTables(
                schema == null ? null : ObjectName.ofSchema(schema));
        }
    |
        LOOKAHEAD(1) <SCHEMAS>
        { statement = new Statement.ShowSchemas(); }
    |
        LOOKAHEAD(1) <COLUMNS> ( <FROM> | <IN> ) name = CompoundIdentifier()
        { statement = new Statement.ShowColumns(ObjectName.of(name)); }
    |
        LOOKAHEAD(1) <SERVERS>
        { statement = new Statement.ShowServers(); }
    |
        LOOKAHEAD(1) <NODES>
        { statement = new Statement.ShowNodes(); }
    |
        name = CompoundIdentifier()
        { statement = new Statement.ShowSetting(Settings.nameOf(name)); }
    )
    {
        return new StatementNode(s.end(this), statement);
    }
}

SqlNode AdminStatement() :
{
    final Span s;
    final AdminStatement statement;
    final String name;
    boolean whenReady = false;
}
{
    <ADMIN> { s = span(); }
    (
        <SHOW> statement = AdminShow()
    |
        <ADD> statement = AdminAdd()
    |
        <REMOVE> <NODE> name = TextLiteral()
        { statement = new AdminStatement.RemoveNode(name); }
    |
        <PROMOTE> <NODE> name = TextLiteral() [ <WHEN> <READY> { whenReady = true; } ]
        { statement = new AdminStatement.PromoteNode(name, whenReady); }
    |
        <TRANSFER> <LEADER> <TO> name = TextLiteral()
        { statement = new AdminStatement.TransferLeader(name); }
    |
        <SET> statement = AdminSet()
    |
        <CONNECT> statement = AdminConnect()
    )
    {
        return new StatementNode(s.end(this), new Statement.OfAdmin(statement));
    }
}

SqlNode CheckStatement() :
{
    final Span s;
}
{
    <CHECK> { s = span(); } <CLUSTER>
    {
        return new StatementNode(
            s.end(this),
            new Statement.OfAdmin(
                new AdminStatement.Show(AdminStatement.Subject.REPLICAS, null)));
    }
}

AdminStatement AdminSet() :
{
    final AdminStatement.Role role;
    String name = null;
    String leader = null;
}
{
    (
        LOOKAHEAD(2)
        <NODE> <ROLE> role = AdminRole()
        [ <NAME> name = TextLiteral() ]
        [ <LEADER> leader = TextLiteral() ]
    |
        role = AdminRole() [ <USING> name = TextLiteral() ]
    )
    {
        return new AdminStatement.SetRole(role, name, leader);
    }
}

AdminStatement AdminAdd() :
{
    final String name;
    final String address;
    SqlIdentifier role = null;
}
{
    <NODE> name = TextLiteral() <AT> address = TextLiteral() [ <AS> role = SimpleIdentifier() ]
    {
        final String word = role == null ? "VOTER" : role.getSimple().toUpperCase(Locale.ROOT);
        switch (word) {
            case "VOTER":
                return new AdminStatement.AddNode(name, address, AdminStatement.Role.FOLLOWER);
            case "LEARNER":
                return new AdminStatement.AddNode(name, address, AdminStatement.Role.LEARNER);
            case "WITNESS":
                return new AdminStatement.AddNode(name, address, AdminStatement.Role.WITNESS);
            default:
                throw new ParseException(
                    "a node is added AS VOTER, AS LEARNER or AS WITNESS, not " + word);
        }
    }
}

AdminStatement AdminConnect() :
{
    final AdminStatement.Role role;
    final String leader;
    String name = null;
}
{
    leader = TextLiteral() <AS> role = AdminRole() [ <USING> name = TextLiteral() ]
    {
        return new AdminStatement.SetRole(role, name, leader);
    }
}

AdminStatement.Role AdminRole() :
{
    final String word;
    final SqlIdentifier identifier;
}
{
    (
        word = TextLiteral()
    |
        identifier = SimpleIdentifier() { word = identifier.getSimple(); }
    )
    {
        for (AdminStatement.Role role : AdminStatement.Role.values()) {
            if (role.name().equalsIgnoreCase(word)) {
                return role;
            }
        }
        throw new ParseException("Invalid node role " + word);
    }
}

AdminStatement AdminShow() :
{
    final AdminStatement.Subject subject;
    String name = null;
    SqlIdentifier variable;
}
{
    (
        <CURRENT> <NODE> { subject = AdminStatement.Subject.CURRENT_NODE; }
    |
        <NODES> { subject = AdminStatement.Subject.NODES; }
    |
        <NODE>
        (
            name = TextLiteral() { subject = AdminStatement.Subject.NODE; }
        |
            { subject = AdminStatement.Subject.CURRENT_NODE; }
        )
    |
        <VARIABLES> { subject = AdminStatement.Subject.VARIABLES; }
    |
        <VARIABLE> { subject = AdminStatement.Subject.VARIABLE; }
        (
            name = TextLiteral()
        |
            variable = SimpleIdentifier() { name = variable.getSimple().toLowerCase(Locale.ROOT); }
        )
    |
        <CONFIGS> { subject = AdminStatement.Subject.CONFIGS; }
    )
    {
        return new AdminStatement.Show(subject, name);
    }
}

String TextLiteral() :
{
}
{
    <QUOTED_STRING> { return SqlParserUtil.parseString(token.image); }
}

SqlNode ExplainStatement() :
{
    final Span s;
    final SqlNode stmt;
}
{
    <EXPLAIN> { s = span(); }
    (
        LOOKAHEAD(1) <ROUTING> stmt = SqlQueryOrDml()
        {
            return new StatementNode(s.end(this), new Statement.ExplainRouting(stmt));
        }
    |
        LOOKAHEAD(1) <ANALYZE> stmt = SqlQueryOrDml()
        {
            return new StatementNode(s.end(this), new Statement.ExplainAnalyze(stmt));
        }
    |
        stmt = ExplainPlan(s)
        { return stmt; }
    )
}

SqlNode ExplainPlan(Span s) :
{
    final SqlNode stmt;
    SqlExplainLevel detailLevel = SqlExplainLevel.EXPPLAN_ATTRIBUTES;
    SqlExplain.Depth depth = SqlExplain.Depth.PHYSICAL;
}
{
    [
        LOOKAHEAD(1) <PLAN>
        [ detailLevel = ExplainDetailLevel() ]
        depth = ExplainDepth()
        <FOR>
    ]
    stmt = SqlQueryOrDml()
    {
        return new SqlExplain(s.end(this),
            stmt,
            detailLevel.symbol(SqlParserPos.ZERO),
            depth.symbol(SqlParserPos.ZERO),
            SqlExplainFormat.TEXT.symbol(SqlParserPos.ZERO),
            nDynamicParams);
    }
}

/** TEXT: a VARCHAR of any length. */
SqlTypeNameSpec TextTypeName() :
{
}
{
    <TEXT> { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, getPos()); }
}

/** PostgreSQL's short name of TIMESTAMP WITH TIME ZONE. */
SqlTypeNameSpec ShortTimestampTypeName() :
{
    final Span s;
    final int precision;
}
{
    <TIMESTAMPTZ> { s = span(); }
    precision = PrecisionOpt()
    { return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_TZ, precision, s.end(this)); }
}

/** The type of a column; Calcite's types have no intervals among them. */
SqlDataTypeSpec ColumnType() :
{
    final Span s;
    final SqlDataTypeSpec type;
    final SqlIntervalQualifier fields;
}
{
    <INTERVAL> { s = span(); }
    fields = IntervalQualifier()
    { return new SqlDataTypeSpec(new IntervalTypeNameSpec(fields, s.end(this)), s.end(this)); }
|
    type = DataType() { return type; }
}

/** BLOB, CLOB: values of any length. JSON: what Calcite has as text. */
SqlTypeNameSpec LargeTypeName() :
{
}
{
    <BLOB> { return new LargeTypeNameSpec(SqlType.Name.BLOB, getPos()); }
|
    <CLOB> { return new LargeTypeNameSpec(SqlType.Name.CLOB, getPos()); }
|
    <JSON> { return new LargeTypeNameSpec(SqlType.Name.JSON, getPos()); }
}

/** What may stand behind ARRAY, and in its place: INTEGER ARRAY[10], INTEGER[10], INTEGER[]. */
SqlTypeNameSpec ArrayBound(SqlTypeNameSpec element) :
{
    int cardinalityMax = SqlType.UNBOUNDED;
}
{
    <LBRACKET> [ cardinalityMax = UnsignedIntLiteral() ] <RBRACKET>
    { return new ArrayTypeNameSpec(element, cardinalityMax, getPos()); }
}

/** JSON '...', which is CAST('...' AS JSON). */
SqlNode JsonLiteral() :
{
    final SqlNode text;
    final SqlTypeNameSpec type;
    final Span s;
}
{
    <JSON> {
        s = span();
        type = new LargeTypeNameSpec(SqlType.Name.JSON, getPos());
    }
    text = StringLiteral()
    {
        return SqlStdOperatorTable.CAST.createCall(
            s.end(this), text, new SqlDataTypeSpec(type, type.getParserPos()));
    }
}

/** What may stand behind INSERT, UPDATE and DELETE. */
SqlNode ChangeEnd(SqlNode change) :
{
    SqlNode whole = change;
    final Span s;
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    [ LOOKAHEAD(2) whole = Conflict(change) ]
    [
        <RETURNING> { s = span(); }
        AddSelectItem(items) ( <COMMA> AddSelectItem(items) )*
        {
            whole = new ReturningNode(s.end(this), whole, new SqlNodeList(items, s.end(this)));
        }
    ]
    {
        return whole;
    }
}

/** What may stand behind a query: FOR UPDATE and its like. */
SqlNode LockEnd(SqlNode query) :
{
    SqlNode whole = query;
    final Span s;
    boolean shared = false;
    final List<SqlNode> tables = new ArrayList<SqlNode>();
    LockWait waiting = LockWait.WAIT;
}
{
    [
        <FOR> { s = span(); }
        (
            <UPDATE>
        |
            <NO> <KEY> <UPDATE>
        |
            <SHARE> { shared = true; }
        |
            <KEY> <SHARE> { shared = true; }
        )
        [ <OF> AddSimpleIdentifiers(tables) ]
        [
            <NOWAIT> { waiting = LockWait.FAIL; }
        |
            <SKIP_> <LOCKED> { waiting = LockWait.SKIP; }
        ]
        {
            whole =
                new LockingNode(
                    s.end(this), query, shared, new SqlNodeList(tables, s.end(this)), waiting);
        }
    ]
    {
        return whole;
    }
}

SqlNode Conflict(SqlNode insert) :
{
    final SqlParserPos at;
    SqlNodeList columns = SqlNodeList.EMPTY;
    SqlIdentifier constraint = null;
    OnConflict.Update update = null;
}
{
    <ON> { at = getPos(); } <CONFLICT>
    [
        columns = ParenthesizedSimpleIdentifierList()
    |
        <ON> <CONSTRAINT> constraint = SimpleIdentifier()
    ]
    <DO>
    (
        <NOTHING>
    |
        <UPDATE> update = ConflictUpdate()
    )
    {
        return InsertNode.of(insert, OnConflict.of(columns, constraint, update), at);
    }
}

OnConflict.Update ConflictUpdate() :
{
    final SqlNodeList columns = new SqlNodeList(getPos());
    final SqlNodeList values = new SqlNodeList(getPos());
    SqlNode condition = null;
}
{
    <SET> Assignment(columns, values) ( <COMMA> Assignment(columns, values) )*
    [ condition = Where() ]
    {
        return OnConflict.update(columns, values, condition);
    }
}

void Assignment(SqlNodeList columns, SqlNodeList values) :
{
    final SqlIdentifier column;
}
{
    column = SimpleIdentifier() <EQ> { columns.add(column); }
    NewValue(values)
}

void NewValue(SqlNodeList values) :
{
    final SqlNode value;
}
{
    <DEFAULT_> { values.add(SqlStdOperatorTable.DEFAULT.createCall(getPos())); }
|
    value = Expression(ExprContext.ACCEPT_SUB_QUERY) { values.add(value); }
}

/** A star may be followed by names for its columns. */
SqlNode NamedStar(SqlNode item) :
{
    final SqlNodeList names;
}
{
    LOOKAHEAD(2)
    <AS> names = ParenthesizedSimpleIdentifierList() { return StarNames.of(item, names); }
|
    { return item; }
}

/** Behind the columns of USING. */
SqlIdentifier JoinName() :
{
    SqlIdentifier name = null;
}
{
    [ <AS> name = SimpleIdentifier() ] { return name; }
}

/** The length of a CHAR or VARCHAR, which is one of characters. */
int CharacterLength() :
{
    int length = -1;
}
{
    [
        <LPAREN> length = UnsignedIntLiteral()
        [
            <CHARACTERS>
        |
            <OCTETS> { if (true) { throw Units.octets(getPos()); } }
        ]
        <RPAREN>
    ]
    {
        return length;
    }
}

/** Behind a function of texts whose places are counted in characters. */
void CharactersOnly() :
{
}
{
    <USING>
    (
        <CHARACTERS>
    |
        <OCTETS> { if (true) { throw Units.octets(getPos()); } }
    )
}

/** x AT TIME ZONE z, x AT LOCAL. */
void AtTimeZone(List<Object> list, ExprContext exprContext, Span s) :
{
}
{
    <AT> {
        checkNonQueryExpression(exprContext);
        list.add(new SqlParserUtil.ToTreeListItem(AtTimeZone.OPERATOR, getPos()));
    }
    (
        <TIME> <ZONE> AddExpression2b(list, ExprContext.ACCEPT_SUB_QUERY)
    |
        <LOCAL> { list.add(AtTimeZone.local(getPos())); }
    )
}

SqlNode TextLength() :
{
    final Span s;
    final SqlNode value;
    SqlFunction function;
}
{
    ( <CHAR_LENGTH> | <CHARACTER_LENGTH> )
    {
        s = span();
        function = Units.length(token.image);
    }
    <LPAREN> value = Expression(ExprContext.ACCEPT_SUB_QUERY)
    [
        <USING>
        (
            <CHARACTERS>
        |
            <OCTETS> { function = Units.OCTET_LENGTH; }
        )
    ]
    <RPAREN>
    {
        return function.createCall(s.end(this), value);
    }
}

/** The digits of a FLOAT, which are binary ones. */
SqlTypeName FloatOfBits() :
{
    final int bits;
}
{
    bits = UnsignedIntLiteral() { return Units.floatOf(bits, getPos()); }
}

SqlNode Merge() :
{
    final Span s;
    final SqlIdentifier table;
    SqlIdentifier alias = null;
    final SqlNode source;
    final SqlNode condition;
    final List<MergeNode.Clause> clauses = new ArrayList<MergeNode.Clause>();
}
{
    <MERGE> { s = span(); } <INTO> table = CompoundIdentifier()
    [ [ <AS> ] alias = SimpleIdentifier() ]
    <USING> source = TableRef()
    <ON> condition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    ( <WHEN> MergeClause(clauses) )+
    {
        return new MergeNode(s.end(this), table, alias, source, condition, clauses);
    }
}

void MergeClause(List<MergeNode.Clause> clauses) :
{
    SqlNode condition = null;
    MergeNode.Action action = MergeNode.Action.NOTHING;
    boolean matched = true;
    SqlNodeList columns = new SqlNodeList(getPos());
    final SqlNodeList values = new SqlNodeList(getPos());
}
{
    (
        <MATCHED> [ <AND> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) ] <THEN>
        (
            <UPDATE> <SET> { action = MergeNode.Action.UPDATE; }
            Assignment(columns, values) ( <COMMA> Assignment(columns, values) )*
        |
            <DELETE> { action = MergeNode.Action.DELETE; }
        |
            <DO> <NOTHING>
        )
    |
        <NOT> <MATCHED> { matched = false; }
        [ <AND> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) ] <THEN>
        (
            <INSERT> { action = MergeNode.Action.INSERT; }
            [ columns = ParenthesizedSimpleIdentifierList() ]
            <VALUES> <LPAREN> NewValue(values) ( <COMMA> NewValue(values) )* <RPAREN>
        |
            <DO> <NOTHING>
        )
    )
    {
        clauses.add(MergeNode.clause(matched, condition, action, columns, values));
    }
}
