package backend

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// unmarshalJSON reads OTLP/JSON strictly: an unknown field is an error. It is
// protobuf's JSON mapping but for ids, which are hexadecimal digits there.
func unmarshalJSON(body []byte, m proto.Message) error {
	var tree any
	if err := json.Unmarshal(body, &tree); err != nil {
		return err
	}
	if err := rewriteIDs(tree); err != nil {
		return err
	}
	standard, err := json.Marshal(tree)
	if err != nil {
		return err
	}
	return protojson.Unmarshal(standard, m)
}

// rewriteIDs turns the ids anywhere in tree from hexadecimal into base64.
func rewriteIDs(tree any) error {
	switch node := tree.(type) {
	case []any:
		for _, item := range node {
			if err := rewriteIDs(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, value := range node {
			fixed, err := rewriteMember(key, value)
			if err != nil {
				return err
			}
			node[key] = fixed
		}
	}
	return nil
}

func rewriteMember(key string, value any) (any, error) {
	switch key {
	case "traceId", "spanId", "parentSpanId":
		digits, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("%s: %v is not a string", key, value)
		}
		id, err := hex.DecodeString(digits)
		if err != nil {
			return nil, fmt.Errorf("%s: %q: %w", key, digits, err)
		}
		return base64.StdEncoding.EncodeToString(id), nil
	}
	return value, rewriteIDs(value)
}
