package export

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestQueueModel compares the queue with a plain list under random use.
func TestQueueModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &queueModel{t: t, capacity: rapid.IntRange(1, 400).Draw(t, "capacity"), batch: rapid.IntRange(1, 100).Draw(t, "batch")}
		m.q = NewQueue(m.capacity, m.batch, time.Hour)
		t.Repeat(map[string]func(*rapid.T){
			"put": m.put, "age": m.age, "next": m.next, "done": m.done, "": m.check,
		})
		m.end()
	})
}

type queueModel struct {
	t               *rapid.T
	q               *Queue
	capacity, batch int
	waiting         []byte // put and not handed out
	payloads        []int  // their sizes
	out             []*Batch
	copies          [][]byte // of out
	puts            byte
}

func (m *queueModel) bytes() (n int) {
	for _, b := range m.out {
		n += len(b.Data)
	}
	return n + len(m.waiting)
}

func (m *queueModel) put(t *rapid.T) {
	m.puts++
	data := bytes.Repeat([]byte{m.puts}, rapid.IntRange(1, 120).Draw(t, "size"))
	fits := m.bytes()+len(data) <= m.capacity
	err := m.q.Put(data, len(data)) // a span a byte
	if fits != (err == nil) || !fits && !errors.Is(err, ErrFull) {
		t.Fatalf("Put of %d bytes to %d of %d: %v", len(data), m.bytes(), m.capacity, err)
	}
	if fits {
		m.waiting = append(m.waiting, data...)
		m.payloads = append(m.payloads, len(data))
	}
	clear(data) // the queue must have a copy
}

// age makes what waits older than a batch may be.
func (m *queueModel) age(*rapid.T) {
	for _, b := range m.q.batches {
		b.since = b.since.Add(-2 * time.Hour)
	}
}

func (m *queueModel) next(t *rapid.T) {
	b, _, _ := m.q.take()
	if b != nil {
		m.accept(b)
	} else if len(m.payloads) > 1 && len(m.waiting) > m.batch {
		t.Fatalf("%d bytes wait, more than the %d of a batch, and none is handed out", len(m.waiting), m.batch)
	}
}

// accept checks that a batch is whole payloads from the front, and no more than fit.
func (m *queueModel) accept(b *Batch) {
	if !bytes.HasPrefix(m.waiting, b.Data) || b.Spans != len(b.Data) {
		m.t.Fatalf("batch is not the front of the queue: %v of %v", b.Data, m.waiting)
	}
	size, n := 0, 0
	for size < len(b.Data) {
		size += m.payloads[n]
		n++
	}
	if size != len(b.Data) || n > 1 && size > m.batch {
		m.t.Fatalf("batch of %d bytes holds %d bytes of %d payloads, limit %d", len(b.Data), size, n, m.batch)
	}
	m.waiting, m.payloads = m.waiting[size:], m.payloads[n:]
	m.out, m.copies = append(m.out, b), append(m.copies, bytes.Clone(b.Data))
}

func (m *queueModel) done(t *rapid.T) {
	if len(m.out) > 0 {
		i := rapid.IntRange(0, len(m.out)-1).Draw(t, "batch")
		if !bytes.Equal(m.out[i].Data, m.copies[i]) {
			t.Fatalf("batch changed while it was out: %v, was %v", m.out[i].Data, m.copies[i])
		}
		m.q.Done(m.out[i])
		m.out, m.copies = slices.Delete(m.out, i, i+1), slices.Delete(m.copies, i, i+1)
	}
}

func (m *queueModel) check(t *rapid.T) {
	if n, spans := m.q.Waiting(); n != m.bytes() || spans != n {
		t.Fatalf("Waiting is %d bytes, %d spans, want %d", n, spans, m.bytes())
	}
}

// end closes the queue and takes the rest.
func (m *queueModel) end() {
	m.q.Close()
	if err := m.q.Put([]byte{1}, 1); !errors.Is(err, ErrClosed) {
		m.t.Fatalf("Put to a closed queue: %v", err)
	}
	for {
		b, err := m.q.Next(context.Background())
		if errors.Is(err, io.EOF) {
			break
		}
		m.accept(b)
	}
	if len(m.waiting) > 0 {
		m.t.Fatalf("%d bytes never came out", len(m.waiting))
	}
}
