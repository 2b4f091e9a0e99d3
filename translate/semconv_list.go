package translate

// A SemconvRow says what becomes of one key (mapping section 6). A key has a
// row for each stable key that it gives.
type SemconvRow struct {
	Key    string
	Target string // the stable key; "" if Key stays as it is
	// TargetOnServer is the stable key for spans of kind SERVER if it is
	// another one: their peer is the client.
	TargetOnServer string
	// Stability is how far the semantic conventions stand by the target:
	// "stable", "release candidate" (mapped only with Config.RPC) or
	// "development" (SemconvRename keeps the key, too).
	Stability string
	Rule      Rule // the section of the mapping
}

// SemconvTable lists what becomes of every key that section 6 of the mapping
// names: first the rows for spans in the order in which they are tried, then
// those for resources, then the keys that stay as they are.
func SemconvTable() []SemconvRow {
	var table []SemconvRow
	for _, rows := range [][]row{renames, derivations, resourceRenames} {
		for _, r := range rows {
			table = append(table, r.export())
		}
	}
	for _, keys := range keptKeys {
		for _, key := range keys.keys {
			table = append(table, SemconvRow{Key: key, Rule: keys.rule})
		}
	}
	return table
}

func (r row) export() SemconvRow {
	x := SemconvRow{Key: keyNames[r.key], Stability: r.stability.String(), Rule: r.rule()}
	client, server := mapper{kind: kindClient}, mapper{kind: kindServer}
	x.Target = keyNames[client.side(r.target)]
	if other := keyNames[server.side(r.target)]; other != x.Target {
		x.TargetOnServer = other
	}
	return x
}

func (s stability) String() string {
	return [...]string{stable: "stable", candidate: "release candidate", development: "development"}[s]
}

// keptKeys are the keys that section 6 of the mapping names without a stable
// key. Other rules may read or move them.
var keptKeys = []struct {
	rule Rule
	keys []string
}{
	{RuleOpenTracing, []string{
		"component", "db.user", "error", "sampling.priority", "span.kind",
	}},
	{RuleLegacyTag, []string{
		"http.route", "http.request.size", "http.response.size", // the stable key is the same
		"http.status_message", "mongodb.cluster_id", "kafka.key", "rabbit.routing_key",
		"internal.span.format", "sampler.type", "sampler.param", "jaeger-debug-id",
		"hostname", "ip", "jaeger.version", "jaeger.hostname", "client-uuid", // as span tags
	}},
	{RuleOldOTel, []string{
		"http.request_content_length", "http.response_content_length", // sources disagree
		"http.request.header.<key>", "http.response.header.<key>",
		"net.sock.peer.name",
		"db.connection_string", "db.jdbc.driver_classname", "db.mssql.instance_name", "db.instance.id",
		"enduser.id", "enduser.role", "enduser.scope",
		"otel.library.name", "otel.library.version",
		"exception.escaped", "error.message",
	}},
}
