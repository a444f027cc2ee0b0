# One recipe for every service: docker build --build-arg SERVICE=identity -t leasewire/identity .
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

# The manifests alone, so that the packages are installed again only when one of them changed.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /repo
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM ${NODE_IMAGE} AS build
ARG SERVICE
WORKDIR /repo
COPY --from=manifests /repo ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build "apps/${SERVICE}"

# What the service needs to run and nothing else.
FROM ${NODE_IMAGE} AS runtime
ARG SERVICE
WORKDIR /repo
COPY --from=manifests /repo ./
RUN --mount=type=cache,target=/root/.npm \
  npm ci --ignore-scripts --no-audit --no-fund --omit=dev --workspace "apps/${SERVICE}"
COPY --from=build /repo/apps ./apps
COPY --from=build /repo/libs ./libs
COPY deploy/assemble.mjs ./deploy/
RUN node deploy/assemble.mjs "${SERVICE}" /app

FROM ${NODE_IMAGE} AS service
ARG SERVICE
ENV NODE_ENV=production \
  LEASEWIRE_HTTP_HOST=0.0.0.0 \
  LEASEWIRE_HTTP_PORT=8080
COPY --from=runtime /app /app
WORKDIR /app/apps/${SERVICE}
USER 10001:10001
EXPOSE 8080
# Node is process 1 without tini in front: the service handles SIGTERM itself, leaves with a code, and starts no processes
# that anyone would have to reap.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LEASEWIRE_HTTP_PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/main.js"]

# Makes the keys of a deployment once: docker build --target trust --build-arg SERVICE=identity .
FROM service AS trust
COPY --from=build /repo/tools/dev/lib /app/tools/dev/lib
COPY deploy/trust.mjs /app/deploy/
WORKDIR /app
HEALTHCHECK NONE
CMD ["node", "deploy/trust.mjs"]

FROM service
