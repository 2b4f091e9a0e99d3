package translate

import "strings"

// placeholderService is what OpenTelemetry's Jaeger exporters wrote for a
// resource without service.name (J-33).
const placeholderService = "OTLPResourceNoServiceName"

// beginResource makes room for the attributes of a process.
func (t *Translator) beginResource() {
	t.service = ""
	t.resource.reset()
	// The service's name is to be the first of them, wherever the payload has
	// it: this is its place.
	t.resource.list = append(t.resource.list, attr{gone: true})
}

// finishResource gives the process that was read its meaning (section 3.3) and
// makes it the resource of the spans that follow.
func (t *Translator) finishResource() {
	a := &t.resource
	a.settle()
	t.report.Client.Service = t.service
	t.report.Client.UUID, _ = a.text(keyClientUUID)
	t.mendKeys(a)
	t.serviceName()
	t.unpackIP(a, keyIP)
	t.normalise(a)
	if t.config.Semconv != SemconvRaw {
		t.deriveHost()
		t.deriveSDK()
		t.deriveInstance()
	}
	t.applyResourceSemconv(a)
	t.writeNotes(a)
	t.explainResource()
	t.groups.setResource(a)
}

// serviceName makes service.name of the process's name, which wins over tags
// with that key (J-30 to J-33).
func (t *Translator) serviceName() {
	a := &t.resource
	name, rule := t.service, RuleService
	if name == "" || name == placeholderService {
		if a.has.has(keyServiceName) {
			return
		}
		name, rule = "unknown_service", RuleNoService
		t.note(NoteServiceAbsent, "")
	}
	own := attr{key: keyNames[keyServiceName], value: stringValue(name), id: keyServiceName, rule: rule}
	if a.has.has(keyServiceName) {
		t.keepRepeats(a, own.key, int(a.at[keyServiceName]), own.value)
		a.remove(keyServiceName)
	}
	a.list[0] = own
	a.at[keyServiceName] = 0
	a.has.add(keyServiceName)
}

// deriveHost adds host.name and host.ip (J-34, J-35).
func (t *Translator) deriveHost() {
	a := &t.resource
	for _, id := range [...]keyID{keyHostname, keyJaegerHostname} {
		if name, ok := a.text(id); ok && a.derive(keyHostName, id, stringValue(name), RuleHostName) {
			if t.config.Semconv == SemconvRename {
				a.remove(id)
			}
		}
	}
	if ip, ok := a.text(keyIP); ok {
		a.derive(keyHostIP, keyIP, t.array(stringValue(ip)), RuleHostIP)
	}
}

// An sdk is what telemetry.sdk.* say about one of Jaeger's client libraries.
type sdk struct{ prefix, name, language string }

var sdks = [...]sdk{
	{"Go", "jaeger-client-go", "go"},
	{"Java", "jaeger-client-java", "java"},
	{"Node", "jaeger-client-node", "nodejs"},
	{"Python", "jaeger-client-python", "python"},
	{"C++", "jaeger-client-cpp", "cpp"},
	{"CPP", "jaeger-client-cpp", "cpp"},
	{"CSharp", "jaeger-client-csharp", "dotnet"},
}

// deriveSDK adds telemetry.sdk.*, made of jaeger.version, if nothing else says
// which library it was (J-37).
func (t *Translator) deriveSDK() {
	a := &t.resource
	text, ok := a.text(keyJaegerVersion)
	if !ok {
		text, _ = a.text(keyJaegerClient)
	}
	prefix, version, ok := strings.Cut(text, "-")
	if !ok || a.has.has(keyTelemetrySDKName) {
		return
	}
	for i := range sdks {
		if sdk := &sdks[i]; strings.EqualFold(sdk.prefix, prefix) {
			a.derive(keyTelemetrySDKName, keyJaegerVersion, stringValue(sdk.name), RuleSDK)
			a.derive(keyTelemetrySDKLanguage, keyJaegerVersion, stringValue(sdk.language), RuleSDK)
			a.derive(keyTelemetrySDKVersion, keyJaegerVersion, stringValue(version), RuleSDK)
			return
		}
	}
}

// deriveInstance makes the client's UUID the service instance's id (J-38).
func (t *Translator) deriveInstance() {
	if uuid, ok := t.resource.text(keyClientUUID); ok {
		t.resource.derive(keyServiceInstanceID, keyClientUUID, stringValue(uuid), RuleInstance)
	}
}
