# A static binary in an empty image: no shell, no package, nobody but the user it runs as.
#   docker build -t cleanclaim .
#   docker run --rm --network none --read-only --tmpfs /tmp -v "$PWD:/claims:ro" cleanclaim check exports/
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /build
COPY . .
# Alpine's own target links statically; the binary needs no loader.
RUN cargo build --release --locked && mkdir -p /root-of-image/tmp /root-of-image/claims \
    && cp target/release/cleanclaim /root-of-image/cleanclaim && chmod 1777 /root-of-image/tmp

FROM scratch
COPY --from=build /root-of-image/ /
USER 65532:65532
WORKDIR /claims
ENTRYPOINT ["/cleanclaim"]
CMD ["--help"]
