package translate

import "strings"

// A plainResource is the resource of spans that say nothing of theirs but the
// service's name: nearly all of a payload, and mostly the same.
type plainResource struct {
	service string
	number  int
	known   bool
}

// zipkinResource makes the resource of the span at hand (Z-11, Z-45 to Z-48).
// What it takes of the span's tags is not there any more afterwards.
func (t *Translator) zipkinResource(z *zipkinSpan) {
	a := &t.span.attrs
	made, jaeger := isOTelMade(a), hasJaegerTags(a)
	plain := !made && !jaeger && !a.has.has(keyServiceNameSource)
	if p := &t.zipkin.plain; plain && p.known && p.service == z.local.service {
		t.groups.resource = p.number
		t.service = p.service
		return
	}
	t.beginResource()
	t.service = z.local.service
	if made {
		t.moveResourceTags()
	}
	if jaeger {
		t.copyJaegerTags()
	}
	t.finishZipkinResource()
	t.zipkin.plain = plainResource{z.local.service, t.groups.resource, plain}
}

// finishZipkinResource gives the resource its meaning.
func (t *Translator) finishZipkinResource() {
	a := &t.resource
	a.settle()
	t.mendKeys(a)
	if !t.nameBySource() {
		t.serviceName()
	}
	t.normalise(a)
	if t.config.Semconv != SemconvRaw {
		t.deriveHost()
		t.deriveSDK()
	}
	t.applyResourceSemconv(a)
	t.writeNotes(a)
	t.explainResource()
	t.groups.setResource(a)
}

// nameBySource makes of the service's name the attribute that it was before
// the OpenTelemetry Collector, which had no service.name, took it for that
// (Z-45). It reports whether it did.
func (t *Translator) nameBySource() bool {
	a, tags := &t.resource, &t.span.attrs
	key, ok := tags.text(keyServiceNameSource)
	if !ok || t.service == "" || key == "" || !isText(key) || a.has.has(keyOf(key)) || a.find(key, len(a.list)) >= 0 {
		return false
	}
	tags.remove(keyServiceNameSource)
	x := attr{key: key, id: keyOf(key), from: keyServiceNameSource, value: stringValue(t.service), rule: RuleServiceSource}
	if x.id != keyOther {
		a.put(x)
	} else {
		a.list = append(a.list, x)
	}
	return true
}

// isOTelMade reports whether tags show that an OpenTelemetry exporter wrote them.
func isOTelMade(a *attrs) bool {
	return a.has.has(keyOTelScopeName) || a.has.has(keyOTelLibraryName) || a.has.has(keyTelemetrySDKName)
}

// moveResourceTags moves those tags of a span to the resource that an
// exporter had from there: Zipkin has nothing but tags (Z-47).
func (t *Translator) moveResourceTags() {
	a := &t.span.attrs
	for i := range a.list {
		x := &a.list[i]
		if x.gone && x.id == keyOther || !isResourceKey(x.key) {
			continue
		}
		t.resource.list = append(t.resource.list, attr{key: x.key, value: x.value, id: x.id, rule: x.rule})
		x.gone, x.before = true, 0
		if x.id != keyOther {
			a.has.remove(x.id)
		}
	}
}

// resourcePrefixes begin the keys that semantic conventions have for resources.
var resourcePrefixes = [...]string{
	"service.", "telemetry.", "host.", "os.", "process.", "container.", "k8s.", "cloud.", "deployment.", "device.",
	"webengine.", "browser.", "heroku.", "oci.", "openshift.", "aws.ecs.", "aws.eks.", "aws.log.", "gcp.cloud_run.",
	"gcp.gce.", "azure.", "android.", "cloudfoundry.", "vcs.", "cicd.", "faas.name", "faas.version", "faas.instance",
	"faas.max_memory", "faas.id",
}

func isResourceKey(key string) bool {
	for _, prefix := range resourcePrefixes {
		if strings.HasPrefix(key, prefix) {
			return !strings.HasPrefix(key, "service.peer.")
		}
	}
	return false
}

// jaegerTags are what Jaeger's clients in their Zipkin mode tell of their process.
var jaegerTags = [...]keyID{keyJaegerVersion, keyJaegerClient, keyJaegerHostname}

func hasJaegerTags(a *attrs) bool {
	for _, id := range jaegerTags {
		if a.has.has(id) {
			return true
		}
	}
	return false
}

// copyJaegerTags copies them to the resource (Z-48).
func (t *Translator) copyJaegerTags() {
	for _, id := range jaegerTags {
		if x := t.span.attrs.get(id); x != nil {
			t.resource.list = append(t.resource.list, attr{key: x.key, value: x.value, id: id, rule: RuleJaegerTag})
		}
	}
}
