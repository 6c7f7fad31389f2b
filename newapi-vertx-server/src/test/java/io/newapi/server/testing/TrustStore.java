package io.newapi.server.testing;

/** Has this JVM believe a certificate while it is open, as the options of the java command would. */
public final class TrustStore implements AutoCloseable {

    private static final String FILE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";

    /** From now on. */
    public TrustStore(Certificate certificate) {
        System.setProperty(FILE, certificate.trustStore().toString());
        System.setProperty(PASSWORD, Certificate.TRUST_STORE_PASSWORD);
    }

    @Override
    public void close() {
        System.clearProperty(FILE);
        System.clearProperty(PASSWORD);
    }
}
