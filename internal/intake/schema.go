package intake

// The public names of what pages and programs see of imports: they are typed with them.

func (Import) SchemaName() string       { return "LedgerBatch" }
func (View) SchemaName() string         { return "LedgerBatchView" }
func (ColumnView) SchemaName() string   { return "LedgerBatchColumn" }
func (LineView) SchemaName() string     { return "LedgerBatchLine" }
func (FaultView) SchemaName() string    { return "LedgerBatchFault" }
func (Fault) SchemaName() string        { return "LedgerFault" }
func (RowError) SchemaName() string     { return "LedgerRowError" }
func (Result) SchemaName() string       { return "LedgerImportResult" }
func (Assigned) SchemaName() string     { return "LedgerAssigned" }
func (Assign) SchemaName() string       { return "LedgerAssign" }
func (AssignColumn) SchemaName() string { return "LedgerAssignColumn" }
func (AssignField) SchemaName() string  { return "LedgerAssignField" }
func (SheetView) SchemaName() string    { return "ImportSheet" }
func (Act) SchemaName() string          { return "ImportAct" }
func (Mend) SchemaName() string         { return "LedgerMend" }
func (mended) SchemaName() string       { return "LedgerMended" }
func (imports) SchemaName() string      { return "ListBatchBody" }
func (dropped) SchemaName() string      { return "LedgerDropped" }
