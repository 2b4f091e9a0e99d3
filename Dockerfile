# One static binary, no shell, no root. `docker build .` compiles it here;
# `make image` puts in the one that `make build` made.
ARG BINARY=compiled

FROM golang:1.27.4 AS compiled
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags grpcnotrace -ldflags=-s -o dist/ot2otel ./cmd/ot2otel \
 && cp /etc/ssl/certs/ca-certificates.crt dist/

FROM scratch AS prebuilt
COPY dist /src/dist

FROM ${BINARY} AS binary

FROM scratch
COPY --from=binary /src/dist/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=binary /src/dist/ot2otel /ot2otel
# Inside a container loopback reaches nobody, so listen on every address.
ENV OT2OTEL_LISTEN_HOST=0.0.0.0
EXPOSE 5775/udp 6831/udp 6832/udp 4317 4318 9411 14250 14268 14269 14271
USER 10001:10001
ENTRYPOINT ["/ot2otel"]
