/**
 * Quota: amounts, reservations, and the ledger that keeps them exact. Start at {@code QuotaLedger}.
 *
 * <p>This package knows no models, prices, HTTP or SQL; an amount comes in, and is reserved, settled or released.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.core.quota;
