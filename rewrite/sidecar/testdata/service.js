// A service with jaeger-client as its authors meant it: it continues the trace
// of a request and makes the calls that the body asks for, each with a span.
// It prints its address, and reads that of its HTTP proxy from standard input.
'use strict';
const http = require('http');
const readline = require('readline');
const { initTracer } = require('jaeger-client');
const { FORMAT_HTTP_HEADERS } = require('opentracing');

const tracer = initTracer(
  { serviceName: 'app', traceId128bit: process.argv[2] === 'wide', sampler: { type: 'const', param: 1 } },
  { reporter: { name() { return 'none'; }, report() {}, close(done) { if (done) done(); }, setProcess() {} }, logger: { info() {}, error() {} } },
);
let proxy;
readline.createInterface({ input: process.stdin }).on('line', (line) => { proxy = line.split(':'); });

function call({ url, arguments: rest }, parent) {
  const span = tracer.startSpan('client', { childOf: parent });
  const headers = { host: new URL(url).host };
  tracer.inject(span, FORMAT_HTTP_HEADERS, headers);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: proxy[0], port: proxy[1], method: 'POST', path: url, headers }, (answer) => {
      answer.resume().on('end', () => { span.finish(); resolve(); });
    });
    request.on('error', reject).end(JSON.stringify(rest));
  });
}

const server = http.createServer((request, answer) => {
  const parts = [];
  request.on('data', (part) => parts.push(part)).on('end', async () => {
    const span = tracer.startSpan('server', { childOf: tracer.extract(FORMAT_HTTP_HEADERS, request.headers) });
    try {
      await Promise.all(JSON.parse(Buffer.concat(parts)).map((c) => call(c, span)));
      answer.end();
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
    span.finish();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`127.0.0.1:${server.address().port}`));
