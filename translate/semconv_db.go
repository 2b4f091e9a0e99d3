package translate

// toDBSystem takes the name of a database system (mapping 6.5).
func toDBSystem(m *mapper, v value) (value, fit) {
	if v.kind != kindString || v.str == "" {
		return value{}, unfit
	}
	name, settled := dbSystem(m.t.text.lower(v.str))
	return stringValue(name), exactIf(settled == stable && name == v.str)
}

// dbSystem returns the value of db.system.name for a value of db.type or
// db.system in lower case, and how stable that value is. Names that it does
// not know are custom values and stay as they are; so are those of systems
// that the conventions have dropped.
func dbSystem(name string) (string, stability) {
	switch name {
	case "mysql", "mariadb", "postgresql", "microsoft.sql_server":
		return name, stable
	case "postgres", "pgsql":
		return "postgresql", stable
	case "mssql", "sqlserver", "sql server":
		return "microsoft.sql_server", stable
	case "sql", "cloudscape", "firstsql", "mssqlcompact":
		return "other_sql", development
	case "oracle":
		return "oracle.db", development
	case "db2":
		return "ibm.db2", development
	case "h2":
		return "h2database", development
	case "hanadb":
		return "sap.hana", development
	case "maxdb":
		return "sap.maxdb", development
	case "informix":
		return "ibm.informix", development
	case "netezza":
		return "ibm.netezza", development
	case "ingres":
		return "actian.ingres", development
	case "adabas":
		return "softwareag.adabas", development
	case "cache", "intersystems_cache":
		return "intersystems.cache", development
	case "cosmosdb":
		return "azure.cosmosdb", development
	case "dynamodb":
		return "aws.dynamodb", development
	case "redshift":
		return "aws.redshift", development
	case "spanner":
		return "gcp.spanner", development
	case "firebird":
		return "firebirdsql", development
	case "mongo":
		return "mongodb", development
	case "memcache":
		return "memcached", development
	}
	return name, development
}
