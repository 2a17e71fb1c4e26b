// Takes orders over HTTP, and has a bank charge for each. Started with `--require @opentelemetry/auto-instrumentations-node/register`, which
// brings providers, exporters and the telemetry of http, express and pino; the two events below are by hand.
'use strict';

const http = require('node:http');
const express = require('express');
const pino = require('pino');
const { metrics, trace, SpanKind, SpanStatusCode } = require('@opentelemetry/api');

const name = 'shop.checkout';
const logger = pino();
const tracer = trace.getTracer(name);
const meter = metrics.getMeter(name);
const seconds = { unit: 's', advice: { explicitBucketBoundaries: [0.005, 0.05, 0.5, 5] } };
const checkouts = meter.createCounter('shop.checkouts', { unit: '{checkout}' });
const checkoutDuration = meter.createHistogram('shop.checkout.duration', seconds);
const payments = meter.createCounter('shop.payments', { unit: '{payment}' });
const paymentDuration = meter.createHistogram('shop.payment.duration', seconds);

const app = express();
const port = Number(process.env.PORT);

app.get('/ready', (_request, response) => response.end());

// Of ten orders, one times out at first, one is declined, and for one the bank is down.
app.post('/bank/charge', (request, response) => {
  const order = Number(request.query.order);
  const timeout = order % 10 === 3 && request.query.attempt === '1';
  response.sendStatus(timeout ? 504 : { 5: 402, 7: 503 }[order % 10] ?? 200);
});

app.post('/checkout', (request, response) => {
  const number = Number(request.query.order);
  const order = `o-${String(number).padStart(4, '0')}`;
  const method = ['card', 'wallet', 'transfer'][number % 3];
  const items = 1 + (number % 5);
  const start = performance.now();
  const attributes = { 'shop.order.id': order, 'shop.order.items': items, 'shop.payment.method': method };
  return tracer.startActiveSpan('checkout', { attributes }, async (span) => {
    let paid;
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      paid = await pay(number, order, method, items * 12.5, attempt);
      if (paid === 'charged' || paid === 'declined') break;
    }
    const outcome = { charged: 'placed', declined: 'refused' }[paid] ?? 'failed';
    if (outcome === 'placed') {
      logger.info({ outcome, order, items, method }, 'order placed');
    } else if (outcome === 'refused') {
      logger.warn({ outcome, order, items, method }, 'order refused');
    } else {
      const err = new Error(`bank answers ${paid}`);
      logger.error({ outcome, order, items, method, err }, 'order failed');
      span.recordException(err);
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'no payment' });
    }
    span.setAttribute('shop.checkout.outcome', outcome);
    const labels = { 'shop.checkout.outcome': outcome, 'shop.payment.method': method };
    checkouts.add(1, labels);
    checkoutDuration.record((performance.now() - start) / 1000, labels);
    span.end();
    response.sendStatus({ placed: 200, refused: 402, failed: 503 }[outcome]);
  });
});

// One attempt to have the bank charge for an order.
function pay(number, order, method, amount, attempt) {
  const start = performance.now();
  const attributes = {
    'shop.order.id': order,
    'shop.payment.attempt': attempt,
    'shop.payment.amount': amount,
    'shop.payment.method': method,
  };
  return tracer.startActiveSpan('charge', { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const status = await charge(number, attempt);
    const outcome = { 200: 'charged', 402: 'declined', 504: 'timeout' }[status] ?? 'unavailable';
    const [level, message] = {
      charged: ['info', 'payment charged'],
      declined: ['warn', 'payment declined'],
      timeout: ['warn', 'payment timed out'],
      unavailable: ['error', 'bank unavailable'],
    }[outcome];
    logger[level]({ outcome, order, attempt, amount, method }, message);
    if (outcome === 'timeout' || outcome === 'unavailable') span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.setAttribute('shop.payment.outcome', outcome);
    const labels = { 'shop.payment.outcome': outcome, 'shop.payment.method': method };
    payments.add(1, labels);
    paymentDuration.record((performance.now() - start) / 1000, labels);
    span.end();
    return outcome;
  });
}

function charge(order, attempt) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', port, host: '127.0.0.1', path: `/bank/charge?order=${order}&attempt=${attempt}` };
    http.request(options, (answer) => answer.resume().on('end', () => resolve(answer.statusCode))).on('error', reject).end();
  });
}

const server = app.listen(port, '127.0.0.1');
process.on('SIGTERM', () => server.close());
