package translate

import "testing"

func TestSemconvDBSystem(t *testing.T) { // mapping 6.5
	stable := []string{"mysql", "postgresql", "mariadb", "microsoft.sql_server"}
	renamed := map[string]string{
		"postgres": "postgresql", "pgsql": "postgresql", "mssql": "microsoft.sql_server", "sqlserver": "microsoft.sql_server",
		"sql server": "microsoft.sql_server", "sql": "other_sql", "other_sql": "other_sql", "cloudscape": "other_sql",
		"firstsql": "other_sql", "mssqlcompact": "other_sql", "oracle": "oracle.db", "db2": "ibm.db2", "h2": "h2database",
		"hanadb": "sap.hana", "maxdb": "sap.maxdb", "informix": "ibm.informix", "netezza": "ibm.netezza",
		"ingres": "actian.ingres", "adabas": "softwareag.adabas", "cache": "intersystems.cache",
		"intersystems_cache": "intersystems.cache", "cosmosdb": "azure.cosmosdb", "dynamodb": "aws.dynamodb",
		"redshift": "aws.redshift", "spanner": "gcp.spanner", "firebird": "firebirdsql", "mongo": "mongodb", "memcache": "memcached",
		// In any case.
		"Postgres": "postgresql", "MySQL": "mysql", "SQL Server": "microsoft.sql_server",
		// Dropped by the conventions, or custom.
		"vertica": "vertica", "Sybase": "sybase", "MyOwnDB": "myowndb",
	}
	for _, same := range []string{
		"cassandra", "clickhouse", "cockroachdb", "couchbase", "couchdb", "derby", "elasticsearch", "geode", "hbase", "hive", "hsqldb",
		"influxdb", "instantdb", "memcached", "mongodb", "neo4j", "opensearch", "redis", "sqlite", "teradata", "trino",
	} {
		renamed[same] = same
	}
	var cases []semconvCase
	for _, key := range []string{"db.type", "db.system"} {
		for _, name := range stable {
			cases = append(cases, semconvCase{name: key + " " + name, in: tags{key: name}, adds: tags{"db.system.name": name}, moves: []string{key}})
		}
		for old, name := range renamed { // not to be converted back, or of development stability
			cases = append(cases, semconvCase{name: key + " " + old, in: tags{key: old}, adds: tags{"db.system.name": name}})
		}
		cases = append(cases, semconvCase{name: key + " empty", in: tags{key: ""}}, semconvCase{name: key + " number", in: tags{key: 1}})
	}
	testSemconv(t, cases)
}
