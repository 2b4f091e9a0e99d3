package demo

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/transport"
)

// A shop is five services. The front end asks three of them and leaves the
// fifth, mail, an order to confirm when it gets round to it.
type shop struct {
	services                            []*service
	frontEnd, user, cart, payment, mail *service

	collector http.Transport // connections of the one HTTP sender
	mails     chan opentracing.SpanContext
	mailed    chan struct{} // closed when the last mail is out
}

// open starts the services and tells each what to do.
func open(o Options) (*shop, error) {
	s := &shop{mails: make(chan opentracing.SpanContext, 10), mailed: make(chan struct{})}
	agent := func() (jaeger.Transport, error) { return jaeger.NewUDPTransport(o.Agent, 0) }
	collector := func() (jaeger.Transport, error) {
		return transport.NewHTTPTransport(o.Collector, transport.HTTPRoundTripper(&s.collector)), nil
	}
	overUDP, overHTTP := "Thrift compact, UDP "+o.Agent, "Thrift binary, "+o.Collector
	err := errors.Join(
		s.start(&s.frontEnd, "front-end", overUDP, agent, 64),
		s.start(&s.user, "user", overUDP, agent, 64),
		s.start(&s.cart, "cart", overUDP, agent, 128),
		s.start(&s.payment, "payment", overHTTP, collector, 64),
		s.start(&s.mail, "mail", overUDP, agent, 64),
	)
	go s.confirmOrders()
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.frontEnd.handle("/checkout", s.checkout)
	s.user.handle("/user", s.lookUp)
	s.cart.handle("/cart", s.content)
	s.payment.handle("/charge", s.charge)
	return s, nil
}

func (s *shop) start(as **service, name, wire string, sender func() (jaeger.Transport, error), bits int) error {
	to, err := sender()
	if err != nil {
		return err
	}
	if *as, err = newService(name, wire, to, bits); err != nil {
		return err
	}
	s.services = append(s.services, *as)
	return nil
}

// close stops the services, the mail when its orders are done.
func (s *shop) close() error {
	close(s.mails)
	<-s.mailed
	var errs []error
	for _, service := range s.services {
		errs = append(errs, service.close())
	}
	s.collector.CloseIdleConnections()
	return errors.Join(errs...)
}

// trade lets two customers in, one of whose cards is not good, and then does
// what the cart does every night.
func (s *shop) trade(ctx context.Context) error {
	for _, customer := range []string{"ann", "bob"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.frontEnd.addr+"/checkout?customer="+customer, nil)
		if err != nil {
			return err
		}
		resp, err := s.frontEnd.client.Do(r)
		if err != nil {
			return err
		}
		resp.Body.Close()
	}
	return s.reprice(ctx)
}

// checkout is what the front end does.
func (s *shop) checkout(ctx context.Context, r *http.Request) int {
	span := opentracing.SpanFromContext(ctx)
	span.SetBaggageItem("customer", r.FormValue("customer"))
	for _, ask := range []struct {
		whom *service
		path string
	}{{s.user, "/user"}, {s.cart, "/cart"}, {s.payment, "/charge"}} {
		status, err := s.frontEnd.get(ctx, ask.whom, ask.path)
		if err != nil {
			ext.LogError(span, err)
			return http.StatusBadGateway
		}
		if status != http.StatusOK {
			return status
		}
	}
	s.mails <- span.Context()
	return http.StatusOK
}

// lookUp is what the user service does. It knows the customer from the baggage alone.
func (s *shop) lookUp(ctx context.Context, _ *http.Request) int {
	span := opentracing.SpanFromContext(ctx)
	work(2)
	span.LogFields(log.Event("found"), log.String("customer", span.BaggageItem("customer")), log.Int("orders", 7))
	return http.StatusOK
}

// content is what the cart does: it asks a database.
func (s *shop) content(ctx context.Context, _ *http.Request) int {
	span, _ := opentracing.StartSpanFromContextWithTracer(ctx, s.cart.tracer, "SELECT items", ext.SpanKindRPCClient)
	defer span.Finish()
	ext.DBType.Set(span, "sql")
	ext.DBInstance.Set(span, "carts")
	ext.DBStatement.Set(span, "SELECT sku FROM items")
	ext.PeerHostname.Set(span, "db1.shop.internal")
	ext.PeerPort.Set(span, 5432)
	work(3)
	return http.StatusOK
}

// charge is what the payment service does. It does not like bob's card.
func (s *shop) charge(ctx context.Context, _ *http.Request) int {
	span := opentracing.SpanFromContext(ctx)
	work(5)
	span.SetTag("amount", 12.5)
	if span.BaggageItem("customer") != "bob" {
		return http.StatusOK
	}
	ext.Error.Set(span, true)
	span.LogFields(log.Event("error"), log.String("error.kind", "CardDeclined"), log.Message("code 51"))
	return http.StatusPaymentRequired
}

// confirmOrders is what mail does. The order it follows from may be long over.
func (s *shop) confirmOrders() {
	defer close(s.mailed)
	for order := range s.mails {
		span := s.mail.tracer.StartSpan("confirm order", opentracing.FollowsFrom(order), ext.SpanKindConsumer)
		ext.MessageBusDestination.Set(span, "orders")
		work(4)
		span.Finish()
	}
}

// reprice is what the cart does every night: a trace that no request begins.
func (s *shop) reprice(ctx context.Context) error {
	span := s.cart.tracer.StartSpan("reprice carts")
	defer span.Finish()
	span.SetBaggageItem("customer", "everyone")
	_, err := s.cart.get(opentracing.ContextWithSpan(ctx, span), s.user, "/user")
	return err
}

// work takes a few milliseconds, for the traces to look like some.
func work(ms int) { time.Sleep(time.Duration(ms) * time.Millisecond) }

// sent returns what the clients were asked to send, in order of services.
func (s *shop) sent() []*jaeger.Span {
	var all []*jaeger.Span
	for _, service := range s.services {
		all = append(all, service.notes.spans...)
	}
	return all
}
