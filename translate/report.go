package translate

// A Report says what one payload held.
type Report struct {
	// Spans is the number of spans appended.
	Spans int
	// Blank is the number of spans left out because every field was at its zero value (rule J-2).
	Blank int
	// Rejected is the number of spans left out because Config.RejectInvalidIDs is set (rule N-2).
	Rejected int
	// Notes counts what was mended, by code.
	Notes [NumNotes]uint32
	// Client is what a Jaeger client said about itself and its own losses (rule J-15).
	Client Client
}

// A Client is what a Jaeger batch says about the client that sent it, apart from its spans.
// Its strings alias the payload or the Translator's memory: they are valid until either is used again.
type Client struct {
	Service string // Process.serviceName
	UUID    string // process tag client-uuid
	// SeqNo is Batch.seqNo. It counts from 1, so 0 means that the client does not number its batches.
	SeqNo int64
	// Stats are totals since the client started; HasStats says that the batch held them.
	HasStats                      bool
	FullQueue, TooLarge, SendFail int64
}
