package io.newapi.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The certificate of a server at 127.0.0.1 that has signed it itself, so that only those believe it who were told to.
 *
 * @param certificate its file, in PEM
 * @param key that of its private key, likewise
 * @param trustStore one that holds it, for a JVM
 */
public record Certificate(Path certificate, Path key, Path trustStore) {

    /** The password of the trust store. */
    public static final String TRUST_STORE_PASSWORD = "changeit";

    private static final String KEY_STORE = "key.p12";
    private static final String ALIAS = "server";

    /** Makes one with the JDK's keytool, in an empty folder. */
    public static Certificate in(Path folder) {
        return in(folder, "localhost");
    }

    /**
     * The same.
     *
     * @param name what it is called: those who believe several find one by its name
     */
    public static Certificate in(Path folder, String name) {
        Path store = folder.resolve(KEY_STORE);
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            ALIAS,
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            TRUST_STORE_PASSWORD)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("keytool.log").toFile())
                    .start();
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException(Files.readString(folder.resolve("keytool.log")));
            }
            return written(folder, store);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a certificate", e);
        } catch (InterruptedException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    /** What a server in this JVM shows it with. */
    public SSLContext context() {
        try (InputStream in = Files.newInputStream(certificate.resolveSibling(KEY_STORE))) {
            char[] password = TRUST_STORE_PASSWORD.toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot read the certificate", e);
        }
    }

    private static Certificate written(Path folder, Path store) throws IOException, GeneralSecurityException {
        char[] password = TRUST_STORE_PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, password);
        trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
        Path trustStore = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(trustStore)) {
            trusted.store(out, password);
        }
        return new Certificate(
                Files.writeString(
                        folder.resolve("server.crt"),
                        pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded())),
                Files.writeString(
                        folder.resolve("server.key"),
                        pem("PRIVATE KEY", keys.getKey(ALIAS, password).getEncoded())),
                trustStore);
    }

    /** How a Redis server is told to show it to those who speak TLS at a port, and to speak so to other servers. */
    List<String> arguments(int tlsPort) {
        return List.of(
                "--tls-port",
                Integer.toString(tlsPort),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-ca-cert-file",
                certificate.toString(),
                "--tls-auth-clients",
                "no",
                "--tls-replication",
                "yes");
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
