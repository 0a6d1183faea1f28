import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.Certificate;
import java.util.*;
import java.util.concurrent.*;

// Import loads PFX files as a program in Java would, and uses each private key: it signs
// and verifies with the certificate that the store gives for the key.
//
//	java Import.java PROVIDER < LIST
//
// PROVIDER is the name of a provider, empty for the first that there is. Each line of the
// list is the path of a file and its password in hexadecimal (UTF-8), with a tab between;
// each line of the output is the path, how many entries are keys that work, keys that do not
// and certificates, and why the file or a key did not.
public class Import {
    // SECONDS is how long the program waits for a file whose turn it is.
    static final int SECONDS = 10;

    public static void main(String[] args) throws Exception {
        String provider = args.length > 0 ? args[0] : "";
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        System.setOut(System.err); // Bouncy Castle writes about bags that it skips
        if (provider.equals("BC")) {
            Security.addProvider((Provider) Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider").getDeclaredConstructor().newInstance());
        }
        ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(null, task, "import", 64 << 20);
            thread.setDaemon(true);
            return thread;
        });
        List<String> lines = new ArrayList<>();
        List<Future<String>> results = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String[] fields = line.split("\t", -1);
            lines.add(fields[0]);
            results.add(pool.submit(() -> load(provider, fields[0], fields[1])));
        }
        for (int i = 0; i < lines.size(); i++) {
            String result;
            try {
                result = results.get(i).get(SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                result = "0\t0\t0\tdoes not end";
                pool.setMaximumPoolSize(pool.getMaximumPoolSize() + 1);
                pool.setCorePoolSize(pool.getCorePoolSize() + 1);
            }
            out.println(lines.get(i) + "\t" + result);
        }
        System.exit(0);
    }

    static String load(String provider, String path, String hex) {
        int works = 0, broken = 0, certificates = 0;
        String reason = "";
        try {
            byte[] octets = new byte[hex.length() / 2];
            for (int i = 0; i < octets.length; i++) {
                octets[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
            }
            char[] password = new String(octets, StandardCharsets.UTF_8).toCharArray();
            KeyStore store = provider.isEmpty() ? KeyStore.getInstance("PKCS12") : KeyStore.getInstance("PKCS12", provider);
            store.load(new ByteArrayInputStream(Files.readAllBytes(Paths.get(path))), password);
            for (String alias : Collections.list(store.aliases())) {
                if (!store.isKeyEntry(alias)) {
                    certificates++;
                    continue;
                }
                try {
                    Key key = store.getKey(alias, password);
                    if (!(key instanceof PrivateKey)) {
                        continue;
                    }
                    use((PrivateKey) key, store.getCertificate(alias), provider);
                    works++;
                } catch (Throwable e) {
                    broken++;
                    reason = String.valueOf(e);
                }
            }
        } catch (Throwable e) {
            reason = String.valueOf(e);
        }
        return works + "\t" + broken + "\t" + certificates + "\t" + reason.replaceAll("[\\t\\r\\n]+", " ");
    }

    static void use(PrivateKey key, Certificate certificate, String provider) throws Exception {
        if (certificate == null) {
            throw new Exception("no certificate for the key");
        }
        String name;
        switch (key.getAlgorithm()) {
            case "RSA": name = "SHA256withRSA"; break;
            case "RSASSA-PSS": name = "RSASSA-PSS"; break;
            case "EC": case "ECDSA": name = "SHA256withECDSA"; break;
            case "DSA": name = "SHA256withDSA"; break;
            default: name = key.getAlgorithm();
        }
        Signature signature = provider.isEmpty() ? Signature.getInstance(name) : Signature.getInstance(name, provider);
        if (name.equals("RSASSA-PSS")) {
            java.security.spec.AlgorithmParameterSpec own = ((java.security.interfaces.RSAKey) key).getParams();
            signature.setParameter(own != null ? own : new java.security.spec.PSSParameterSpec("SHA-256", "MGF1", java.security.spec.MGF1ParameterSpec.SHA256, 32, 1));
        }
        byte[] text = "text".getBytes(StandardCharsets.UTF_8);
        signature.initSign(key);
        signature.update(text);
        byte[] value = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(text);
        if (!signature.verify(value)) {
            throw new Exception("the signature does not verify: the certificate is of another key");
        }
    }
}
