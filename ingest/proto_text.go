package ingest

import (
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// parseProto makes a descriptor of a .proto file in a bare form: a statement a
// line, without semicolons, options, nesting and comments. Whether it makes
// sense is for package protodesc to say.
func parseProto(text string) *descriptorpb.FileDescriptorProto {
	p := protoParser{file: &descriptorpb.FileDescriptorProto{Syntax: proto.String("proto3")}}
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 1 {
			p.statement(words)
		}
	}
	return p.file
}

type protoParser struct {
	file *descriptorpb.FileDescriptorProto
	// body takes the statements of the message, enum or service that is open.
	body func(words []string)
}

func (p *protoParser) statement(words []string) {
	name := proto.String(words[1])
	switch words[0] {
	case "file":
		p.file.Name = name
	case "package":
		p.file.Package = name
	case "import":
		p.file.Dependency = append(p.file.Dependency, *name)
	case "message":
		m := &descriptorpb.DescriptorProto{Name: name}
		p.file.MessageType = append(p.file.MessageType, m)
		p.body = func(words []string) { m.Field = append(m.Field, p.field(words)) }
	case "enum":
		e := &descriptorpb.EnumDescriptorProto{Name: name}
		p.file.EnumType = append(p.file.EnumType, e)
		p.body = func(words []string) { e.Value = append(e.Value, enumValue(words)) }
	case "service":
		s := &descriptorpb.ServiceDescriptorProto{Name: name}
		p.file.Service = append(p.file.Service, s)
		p.body = func(words []string) { s.Method = append(s.Method, p.method(words)) }
	default:
		p.body(words)
	}
}

// field reads "repeated Span spans = 1".
func (p *protoParser) field(words []string) *descriptorpb.FieldDescriptorProto {
	f := &descriptorpb.FieldDescriptorProto{Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()}
	if words[0] == "repeated" {
		f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		words = words[1:]
	}
	f.Name = proto.String(words[1])
	f.Number = number(words)
	if scalar, ok := descriptorpb.FieldDescriptorProto_Type_value["TYPE_"+strings.ToUpper(words[0])]; ok {
		f.Type = descriptorpb.FieldDescriptorProto_Type(scalar).Enum()
	} else {
		f.TypeName = p.typeName(words[0])
	}
	return f
}

// enumValue reads "STRING = 0".
func enumValue(words []string) *descriptorpb.EnumValueDescriptorProto {
	return &descriptorpb.EnumValueDescriptorProto{Name: proto.String(words[0]), Number: number(words)}
}

// method reads "PostSpans PostSpansRequest PostSpansResponse".
func (p *protoParser) method(words []string) *descriptorpb.MethodDescriptorProto {
	return &descriptorpb.MethodDescriptorProto{
		Name: proto.String(words[0]), InputType: p.typeName(words[1]), OutputType: p.typeName(words[2]),
	}
}

// typeName returns the full name of a type, which has one already if it is of
// another package.
func (p *protoParser) typeName(name string) *string {
	if strings.Contains(name, ".") {
		return proto.String("." + name)
	}
	return proto.String("." + p.file.GetPackage() + "." + name)
}

// number reads the last of words.
func number(words []string) *int32 {
	n, err := strconv.ParseInt(words[len(words)-1], 10, 32)
	if err != nil {
		panic(err) // the text is wrong
	}
	return proto.Int32(int32(n))
}
