FROM node:24-bookworm-slim AS build
# sqlite3 is compiled where no prebuilt binary can be had.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src src
RUN npm run build \
  && npm prune --omit=dev \
  && rm -rf node_modules/sqlite3/deps node_modules/sqlite3/src \
    node_modules/sqlite3/build/Release/obj* node_modules/sqlite3/build/Release/.deps \
    node_modules/sqlite3/build/Release/*.a \
  && node -e "const { Database } = require('sqlite3'); new Database(':memory:').close()" \
  && echo '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' \
    | node dist/drawing/rasterise.js >/dev/null

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
  DATABASE_URL=sqlite:///data/missed-sats.sqlite \
  HTTP_LISTEN=127.0.0.1:9797
RUN install -d -o node -g node -m 0700 /data
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY proto proto
COPY deploy/healthcheck.mjs ./
USER node
VOLUME /data
HEALTHCHECK --interval=60s --timeout=5s --start-period=30s CMD ["node", "healthcheck.mjs"]
CMD ["node", "--enable-source-maps", "dist/main.js", "start"]
