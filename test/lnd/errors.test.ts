import { describe, expect, it } from 'vitest'
import { LndError, lndErrorOf } from '../../src/lnd/errors.ts'

const TLS = 'No connection established. Last error: Error'

describe(lndErrorOf, () => {
  it.each([
    [2, 'waiting to start, RPC services not available', 'starting', true],
    [2, 'wallet not created, create one to enable full RPC access', 'wallet-missing', false],
    [2, 'wallet locked, unlock it to enable full RPC access', 'locked', true],
    [
      2,
      'the RPC server is in the process of starting up, but not yet ready to accept calls',
      'starting',
      true,
    ],
    [2, 'permission denied', 'no-permission', false],
    [2, 'expected 1 macaroon, got 0', 'bad-macaroon', false],
    [2, 'cannot determine data format of binary-encoded macaroon', 'bad-macaroon', false],
    [2, 'verification failed: signature mismatch after caveat verification', 'bad-macaroon', false],
    [
      2,
      "cannot retrieve macaroon: cannot get macaroon: root key with id 9 doesn't exist",
      'bad-macaroon',
      false,
    ],
    [
      2,
      'caveat "time-before 2026-11-22T23:57:37.68Z" not satisfied: macaroon has expired',
      'bad-macaroon',
      false,
    ],
    [2, 'htlc event subscription terminated', 'unreachable', true],
    [2, 'unknown fail resolution: InvoiceAlreadySettled', 'connecting', true],
    [4, 'Deadline exceeded', 'unreachable', true],
    [5, 'edge not found', 'connecting', true],
    [12, 'unknown service lnrpc.State', 'too-old', false],
    [14, 'Connection dropped', 'unreachable', true],
    [14, `${TLS}: connect ECONNREFUSED 127.0.0.1:10009`, 'unreachable', true],
    [14, `${TLS}: self-signed certificate. Resolution note: `, 'bad-certificate', false],
    [14, `${TLS}: certificate has expired`, 'bad-certificate', false],
    [
      14,
      `${TLS} [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match`,
      'bad-certificate',
      false,
    ],
  ])('takes code %i "%s" for %s', (code, details, state, retryable) => {
    const error = lndErrorOf(Object.assign(new Error(`${code} X: ${details}`), { code, details }))
    expect(error).toMatchObject({ state, retryable, code, message: details })
  })

  it('leaves its own errors as they are', () => {
    const error = new LndError('too-old', 'LND 0.15')
    expect(lndErrorOf(error)).toBe(error)
  })
})
