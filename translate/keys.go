package translate

// A keyID names a key that some rule knows. Rules find such keys without a
// search, and the semantic-convention rows run in the order of this list,
// which is the order of the mapping's tables (rule S-2).
type keyID uint8

const (
	keyOther keyID = iota // any key that no rule knows

	// Keys that the rules of sections 3 and 4 know.
	keySpanKind
	keyError
	keyOTelStatusCode
	keyOTelStatusDescription
	keyOTelScopeName
	keyOTelScopeVersion
	keyOTelLibraryName
	keyOTelLibraryVersion
	keyW3CTracestate
	keyOTelDroppedAttributesCount
	keyOTelDroppedEventsCount
	keyOTelDroppedLinksCount
	keyComponent
	keyErrorMessage
	keyErrorType

	// Log fields (section 4).
	keyEvent
	keyErrorKind
	keyErrorObject
	keyMessage
	keyStack
	keyKey
	keyValue
	keyOverride
	keyTruncated
	keyInvalid
	keyDroppedLogCount
	keyOTelEventDroppedAttributesCount
	keyExceptionType
	keyExceptionMessage
	keyExceptionStacktrace

	// Process tags (section 3.3).
	keyServiceName
	keyHostname
	keyJaegerHostname
	keyIP
	keyJaegerVersion
	keyJaegerClient
	keyServiceNameSource
	keyCensusStatusCode
	keyClientUUID

	// OpenTracing's standard tags (section 6.2), in the order of the table.
	keyDBInstance
	keyDBStatement
	keyDBType
	keyHTTPMethod
	keyHTTPStatusCode
	keyHTTPURL
	keyMessageBusDestination
	keyPeerAddress
	keyPeerHostname
	keyPeerIPv4
	keyPeerIPv6
	keyPeerPort
	keyPeerService

	// Other common legacy tags (section 6.3), in the order of the table.
	keyHTTPPath
	keyHTTPRoute
	keyHTTPHost
	keyHTTPUserAgent
	keyHTTPRequestSize
	keyHTTPResponseSize
	keyHTTPStatusMessage
	keySQLQuery
	keyCassandraQuery
	keyCassandraKeyspace
	keyMongodbCommand
	keyMongodbCollection
	keyKafkaTopic
	keyJMSQueue
	keyJMSTopic
	keyRabbitQueue
	keyRabbitExchange
	keyRPCService
	keyRPCMethod
	keyRPCErrorCode
	keyGRPCStatusCode
	keyRPCGRPCStatusCode
	keyMVCControllerClass
	keyMVCControllerMethod

	// Old OpenTelemetry keys (section 6.4), in the order of the table.
	keyHTTPScheme
	keyHTTPTarget
	keyHTTPFlavor
	keyHTTPClientIP
	keyHTTPServerName
	keyHTTPResendCount
	keyHTTPRetryCount
	keyHTTPRequestContentLengthUncompressed
	keyHTTPResponseContentLengthUncompressed
	keyNetPeerName
	keyNetPeerPort
	keyNetPeerIP
	keyNetSockPeerAddr
	keyNetSockPeerPort
	keyNetHostName
	keyNetHostPort
	keyNetHostIP
	keyNetSockHostAddr
	keyNetSockHostPort
	keyNetTransport
	keyNetSockFamily
	keyNetProtocolName
	keyNetProtocolVersion
	keyNetAppProtocolName
	keyNetAppProtocolVersion
	keyDBSystem
	keyDBName
	keyDBRedisDatabaseIndex
	keyDBOperation
	keyDBSQLTable
	keyDBCassandraTable
	keyDBMongodbCollection
	keyDBCosmosdbContainer
	keyDBElasticsearchClusterName
	keyDBCassandraCoordinatorDC
	keyDBCassandraCoordinatorID
	keyDBCassandraConsistencyLevel
	keyDBCassandraIdempotence
	keyDBCassandraPageSize
	keyDBCassandraSpeculativeExecutionCount
	keyMessagingDestination
	keyMessagingTempDestination
	keyMessagingOperation
	keyMessagingClientIDOld
	keyMessagingKafkaClientID
	keyMessagingKafkaConsumerGroup
	keyMessagingEventhubsConsumerGroup
	keyMessagingKafkaDestinationPartition
	keyMessagingKafkaMessageOffset
	keyRPCSystem
	keyCodeFunction
	keyCodeNamespace
	keyCodeFilepath
	keyCodeLineno
	keyCodeColumn
	keyDeploymentEnvironment
	keyFaasID

	// Stable keys: the targets of section 6.
	keyClientAddress
	keyClientPort
	keyServerAddress
	keyServerPort
	keyNetworkLocalAddress
	keyNetworkLocalPort
	keyNetworkPeerAddress
	keyNetworkPeerPort
	keyNetworkProtocolName
	keyNetworkProtocolVersion
	keyNetworkTransport
	keyNetworkType
	keyURLFull
	keyURLScheme
	keyURLPath
	keyURLQuery
	keyHTTPRequestMethod
	keyHTTPRequestMethodOriginal
	keyHTTPResponseStatusCode
	keyHTTPRequestResendCount
	keyHTTPRequestBodySize
	keyHTTPResponseBodySize
	keyUserAgentOriginal
	keyDBSystemName
	keyDBNamespace
	keyDBQueryText
	keyDBOperationName
	keyDBCollectionName
	keyCassandraCoordinatorDC
	keyCassandraCoordinatorID
	keyCassandraConsistencyLevel
	keyCassandraQueryIdempotent
	keyCassandraPageSize
	keyCassandraSpeculativeExecutionCount
	keyMessagingSystem
	keyMessagingDestinationName
	keyMessagingDestinationTemporary
	keyMessagingOperationType
	keyMessagingClientID
	keyMessagingConsumerGroupName
	keyMessagingDestinationPartitionID
	keyMessagingKafkaOffset
	keyRPCSystemName
	keyRPCResponseStatusCode
	keyCodeFunctionName
	keyCodeFilePath
	keyCodeLineNumber
	keyCodeColumnNumber
	keyServicePeerName
	keyServiceInstanceID
	keyHostName
	keyHostIP
	keyTelemetrySDKName
	keyTelemetrySDKLanguage
	keyTelemetrySDKVersion
	keyDeploymentEnvironmentName
	keyCloudResourceID

	numKeys
)

// Targets of section 6 that depend on the kind of the span: where the peer is.
const (
	sideAddress = numKeys + iota // server.address; for a SERVER span client.address
	sidePort                     // server.port; for a SERVER span client.port
)

// A keySet is a set of known keys.
type keySet [(numKeys + 63) / 64]uint64

func (s *keySet) add(id keyID)      { s[id/64] |= 1 << (id % 64) }
func (s *keySet) remove(id keyID)   { s[id/64] &^= 1 << (id % 64) }
func (s *keySet) has(id keyID) bool { return s[id/64]&(1<<(id%64)) != 0 }

// meets reports whether s and other have a key in common.
func (s *keySet) meets(other *keySet) bool {
	for i := range s {
		if s[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

func setOf(ids ...keyID) (s keySet) {
	for _, id := range ids {
		s.add(id)
	}
	return s
}
