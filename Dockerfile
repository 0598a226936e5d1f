# syntax=docker/dockerfile:1
# The image of one app: docker build --build-arg APP=booking -t caregraph/booking .
# The release pipeline pins what it builds on by digest: --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:...
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
ENV APOLLO_TELEMETRY_DISABLED=true
WORKDIR /src
# What is installed changes seldom: these layers are the same for all apps and most commits.
COPY package.json package-lock.json .npmrc ./
COPY apps/booking/package.json apps/booking/
COPY apps/calendar-sync/package.json apps/calendar-sync/
COPY apps/gateway/package.json apps/gateway/
COPY apps/notifications/package.json apps/notifications/
COPY apps/payments/package.json apps/payments/
COPY apps/platform/package.json apps/platform/
COPY apps/sandbox/package.json apps/sandbox/
COPY apps/scheduling/package.json apps/scheduling/
COPY libs/contracts/package.json libs/contracts/
COPY libs/jobs/package.json libs/jobs/
COPY libs/messaging/package.json libs/messaging/
COPY libs/runtime/package.json libs/runtime/
COPY libs/subgraph/package.json libs/subgraph/
COPY libs/testing/package.json libs/testing/
COPY libs/time/package.json libs/time/
# No package needs its own scripts for a build, so none runs.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.base.json ./
COPY tools tools
COPY libs libs
COPY apps apps
ARG APP
# The bundle, the files beside it, and the packages that the bundle imports: nothing else reaches the image.
RUN node --import tsx tools/image.ts ${APP}

FROM ${NODE_IMAGE}
ARG APP
ENV NODE_ENV=production \
    APOLLO_TELEMETRY_DISABLED=true \
    PORT=8080
LABEL org.opencontainers.image.title="caregraph-${APP}" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
# Owned by root: the app cannot change its own program.
COPY --from=build /src/dist/images/${APP} ./
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between, so that SIGTERM reaches the app.
CMD ["node", "main.js"]
