package translate

// SchemaURL is the schema of the semantic conventions that the stable keys
// come from (mapping 6.1). It goes with the attributes that SemconvDup and
// SemconvRename write; with SemconvRaw no schema is claimed.
const SchemaURL = "https://opentelemetry.io/schemas/1.44.0"

// A row says what one key gives one stable key. A key with several rows gives
// several.
type row struct {
	key       keyID
	target    keyID
	stability stability
	convert   conversion
}

// renames are the rows for keys that say what the stable key says. They run
// in the order of the mapping's tables: where two keys have one target, the
// upper one wins (rule S-2).
var renames = []row{
	// 6.2 OpenTracing's standard tags.
	{keyDBInstance, keyDBNamespace, stable, toText},
	{keyDBStatement, keyDBQueryText, stable, toText},
	{keyDBType, keyDBSystemName, stable, toDBSystem},
	{keyHTTPMethod, keyHTTPRequestMethod, stable, toMethod},
	{keyHTTPMethod, keyHTTPRequestMethodOriginal, stable, toMethodOriginal},
	{keyHTTPStatusCode, keyHTTPResponseStatusCode, stable, toHTTPStatus},
	{keyMessageBusDestination, keyMessagingDestinationName, development, toText},
	{keyPeerHostname, sideAddress, stable, toNonEmpty},
	{keyPeerIPv4, keyNetworkPeerAddress, stable, toIPv4},
	{keyPeerIPv6, keyNetworkPeerAddress, stable, toIPv6},
	{keyPeerPort, keyNetworkPeerPort, stable, toPort},
	{keyPeerPort, sidePort, stable, toSidePort},
	{keyPeerService, keyServicePeerName, development, toText},

	// 6.3 Other common legacy tags.
	{keyHTTPPath, keyURLPath, stable, toNonEmpty},
	{keyHTTPHost, keyServerAddress, stable, hostAddress},
	{keyHTTPHost, keyServerPort, stable, hostPortNumber},
	{keyHTTPUserAgent, keyUserAgentOriginal, stable, toText},
	{keySQLQuery, keyDBQueryText, stable, toText},
	{keyCassandraQuery, keyDBQueryText, stable, toText},
	{keyCassandraKeyspace, keyDBNamespace, stable, toText},
	{keyMongodbCommand, keyDBOperationName, stable, toText},
	{keyMongodbCollection, keyDBCollectionName, stable, toText},
	{keyKafkaTopic, keyMessagingDestinationName, development, toText},
	{keyJMSQueue, keyMessagingDestinationName, development, toText},
	{keyJMSTopic, keyMessagingDestinationName, development, toText},
	{keyRabbitQueue, keyMessagingDestinationName, development, toText},
	{keyRabbitExchange, keyMessagingDestinationName, development, ifAbsent(toText)},
	{keyRPCService, keyRPCMethod, candidate, toFullMethod},
	{keyRPCErrorCode, keyRPCResponseStatusCode, candidate, toRPCStatus},
	{keyGRPCStatusCode, keyRPCResponseStatusCode, candidate, toRPCStatus},
	{keyRPCGRPCStatusCode, keyRPCResponseStatusCode, candidate, toRPCStatus},
	{keyMVCControllerClass, keyCodeFunctionName, stable, toControllerMethod},

	// 6.4 Old OpenTelemetry keys.
	{keyHTTPScheme, keyURLScheme, stable, toText},
	{keyHTTPTarget, keyURLPath, stable, targetPath},
	{keyHTTPTarget, keyURLQuery, stable, targetQuery},
	{keyHTTPFlavor, keyNetworkProtocolVersion, stable, toProtocolVersion},
	{keyHTTPFlavor, keyNetworkProtocolName, stable, spdyProtocol},
	{keyHTTPFlavor, keyNetworkTransport, stable, quicTransport},
	{keyHTTPClientIP, keyClientAddress, stable, toNonEmpty},
	{keyHTTPServerName, keyServerAddress, stable, toNonEmpty},
	{keyHTTPResendCount, keyHTTPRequestResendCount, stable, toInt},
	{keyHTTPRetryCount, keyHTTPRequestResendCount, stable, toInt},
	{keyHTTPRequestContentLengthUncompressed, keyHTTPRequestBodySize, development, toInt},
	{keyHTTPResponseContentLengthUncompressed, keyHTTPResponseBodySize, development, toInt},
	{keyNetPeerName, sideAddress, stable, toNonEmpty},
	{keyNetPeerPort, sidePort, stable, toPort},
	{keyNetPeerIP, keyNetworkPeerAddress, stable, toNonEmpty},
	{keyNetSockPeerAddr, keyNetworkPeerAddress, stable, toNonEmpty},
	{keyNetSockPeerPort, keyNetworkPeerPort, stable, toPort},
	{keyNetHostName, keyServerAddress, stable, onServer(toNonEmpty)},
	{keyNetHostPort, keyServerPort, stable, onServer(toPort)},
	{keyNetHostIP, keyNetworkLocalAddress, stable, toNonEmpty},
	{keyNetSockHostAddr, keyNetworkLocalAddress, stable, toNonEmpty},
	{keyNetSockHostPort, keyNetworkLocalPort, stable, toPort},
	{keyNetTransport, keyNetworkTransport, stable, toTransport},
	{keyNetSockFamily, keyNetworkType, stable, toNetworkType},
	{keyNetSockFamily, keyNetworkTransport, stable, unixTransport},
	{keyNetProtocolName, keyNetworkProtocolName, stable, toLower},
	{keyNetProtocolVersion, keyNetworkProtocolVersion, stable, toText},
	{keyNetAppProtocolName, keyNetworkProtocolName, stable, toLower},
	{keyNetAppProtocolVersion, keyNetworkProtocolVersion, stable, toText},
	{keyDBSystem, keyDBSystemName, stable, toDBSystem},
	{keyDBName, keyDBNamespace, stable, toText},
	{keyDBRedisDatabaseIndex, keyDBNamespace, stable, toDigits},
	{keyDBOperation, keyDBOperationName, stable, toText},
	{keyDBSQLTable, keyDBCollectionName, stable, toText},
	{keyDBCassandraTable, keyDBCollectionName, stable, toText},
	{keyDBMongodbCollection, keyDBCollectionName, stable, toText},
	{keyDBCosmosdbContainer, keyDBCollectionName, stable, toText},
	{keyDBElasticsearchClusterName, keyDBNamespace, stable, toText},
	{keyDBCassandraCoordinatorDC, keyCassandraCoordinatorDC, development, toText},
	{keyDBCassandraCoordinatorID, keyCassandraCoordinatorID, development, toText},
	{keyDBCassandraConsistencyLevel, keyCassandraConsistencyLevel, development, toText},
	{keyDBCassandraIdempotence, keyCassandraQueryIdempotent, development, toBool},
	{keyDBCassandraPageSize, keyCassandraPageSize, development, toInt},
	{keyDBCassandraSpeculativeExecutionCount, keyCassandraSpeculativeExecutionCount, development, toInt},
	{keyMessagingDestination, keyMessagingDestinationName, development, toText},
	{keyMessagingTempDestination, keyMessagingDestinationTemporary, development, toBool},
	{keyMessagingOperation, keyMessagingOperationType, development, toOperationType},
	{keyMessagingClientIDOld, keyMessagingClientID, development, toText},
	{keyMessagingKafkaClientID, keyMessagingClientID, development, toText},
	{keyMessagingKafkaConsumerGroup, keyMessagingConsumerGroupName, development, toText},
	{keyMessagingEventhubsConsumerGroup, keyMessagingConsumerGroupName, development, toText},
	{keyMessagingKafkaDestinationPartition, keyMessagingDestinationPartitionID, development, toDigits},
	{keyMessagingKafkaMessageOffset, keyMessagingKafkaOffset, development, toInt},
	{keyRPCSystem, keyRPCSystemName, candidate, toRPCSystem},
	{keyCodeFunction, keyCodeFunctionName, stable, toFunctionName},
	{keyCodeFilepath, keyCodeFilePath, stable, toText},
	{keyCodeLineno, keyCodeLineNumber, stable, toInt},
	{keyCodeColumn, keyCodeColumnNumber, stable, toInt},
}

// derivations are the rows for keys of which only a part, or the mere
// presence, says something. They run after all of renames (rule S-2), in the
// order of the mapping's tables.
var derivations = []row{
	// 6.2 OpenTracing's standard tags.
	{keyHTTPURL, keyURLFull, stable, urlFull},
	{keyHTTPURL, keyURLScheme, stable, onServer(urlScheme)},
	{keyHTTPURL, keyURLPath, stable, urlPath},
	{keyHTTPURL, keyURLQuery, stable, urlQuery},
	{keyHTTPURL, keyServerAddress, stable, ifAbsent(urlHost)},
	{keyHTTPURL, keyServerPort, stable, ifAbsent(urlPort)},
	{keyPeerAddress, keyNetworkPeerAddress, stable, endpointIP},
	{keyPeerAddress, keyNetworkPeerPort, stable, endpointIPPort},
	{keyPeerAddress, sideAddress, stable, endpointHost},
	{keyPeerAddress, sidePort, stable, endpointHostPort},
	{keyPeerPort, sidePort, stable, ifAbsent(toSidePort)}, // again: the address may be one of those above

	// 6.3 Other common legacy tags.
	{keySQLQuery, keyDBSystemName, stable, ifAbsent(constant("other_sql"))},
	{keyCassandraQuery, keyDBSystemName, stable, ifAbsent(constant("cassandra"))},
	{keyCassandraKeyspace, keyDBSystemName, stable, ifAbsent(constant("cassandra"))},
	{keyMongodbCommand, keyDBSystemName, stable, ifAbsent(constant("mongodb"))},
	{keyMongodbCollection, keyDBSystemName, stable, ifAbsent(constant("mongodb"))},
	{keyKafkaTopic, keyMessagingSystem, development, ifAbsent(constant("kafka"))},
	{keyJMSQueue, keyMessagingSystem, development, ifAbsent(constant("jms"))},
	{keyJMSTopic, keyMessagingSystem, development, ifAbsent(constant("jms"))},
	{keyRabbitQueue, keyMessagingSystem, development, ifAbsent(constant("rabbitmq"))},
	{keyRabbitExchange, keyMessagingSystem, development, ifAbsent(constant("rabbitmq"))},
}

// resourceRenames are the rows for keys of a resource (6.4). On a span the
// same keys mean nothing in particular.
var resourceRenames = []row{
	{keyDeploymentEnvironment, keyDeploymentEnvironmentName, stable, toText},
	{keyFaasID, keyCloudResourceID, development, toText},
}
