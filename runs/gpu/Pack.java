import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Packs a CUDA build of unet4j for one GPU architecture, with a Java runtime, into parts small enough to carry to a machine that has a
 * card, CUDA, cuDNN and NCCL (as PyTorch's wheels bring them), and neither Java nor a network.
 *
 * <pre>
 * ./mvnw -Pcuda -Dquick -pl cli -am package
 * java runs/gpu/Pack.java OUT [ARCHITECTURE] [MIB]      ARCHITECTURE 90 = Hopper, MIB of a part: 50
 * </pre>
 *
 * <p>Of libtorch_cuda.so only the machine code of that architecture is kept: the others' is overwritten with zeros, which compress to
 * nothing; the headers of the fat binary stay. Of ONNX Runtime
 * only the classes are kept. {@code OUT/join.sh} puts the parts together.
 */
final class Pack {

    private static final int FATBIN_MAGIC = 0xBA55ED50;
    private static final String MODULES = "java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,"
            + "java.xml,jdk.httpserver,jdk.unsupported,jdk.management,jdk.zipfs,jdk.jfr";

    private Pack() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 0) {
            System.err.println("java runs/gpu/Pack.java OUT [ARCHITECTURE] [MIB]");
            System.exit(2);
        }
        Path out = Path.of(args[0]);
        int architecture = args.length > 1 ? Integer.parseInt(args[1]) : 90;
        int mib = args.length > 2 ? Integer.parseInt(args[2]) : 50;
        Path libraries = Path.of("cli/target/unet4j/lib-cuda");
        if (!Files.isDirectory(libraries)) {
            throw new IOException(libraries + " is missing: build with -Pcuda first, and start in the project's folder");
        }
        Files.createDirectories(out);
        Path work = Files.createTempDirectory("gpu-pack");
        try {
            pack(libraries, architecture, work);
            String archive = "set -o pipefail; rm -f '" + out + "'/part-*; tar -C '" + work + "' -cf - gpu | xz -T0 -6 | split -d -b " + mib
                    + "m - '" + out + "/part-'";
            run("bash", "-c", archive);
            Files.writeString(out.resolve("join.sh"), JOIN);
        } finally {
            run("rm", "-rf", work.toString());
        }
    }

    private static void pack(Path libraries, int architecture, Path work) throws IOException, InterruptedException {
        Path lib = Files.createDirectories(work.resolve("gpu/lib"));
        try (Stream<Path> jars = Files.list(libraries)) {
            for (Path jar : jars.sorted().toList()) {
                String name = jar.getFileName().toString();
                if (name.endsWith(".jar") && !name.startsWith("unet4j")) {
                    slim(jar, lib.resolve(name), architecture);
                }
            }
        }
        run("jlink", "--add-modules", MODULES, "--strip-debug", "--no-man-pages", "--no-header-files", "--compress=0", "--output",
                work.resolve("gpu/jre").toString());
    }

    /** Copies a jar without compression, so that xz sees the bytes, and empties the machine code of other architectures. */
    private static void slim(Path from, Path to, int architecture) throws IOException {
        try (ZipInputStream in = new ZipInputStream(new BufferedInputStream(Files.newInputStream(from)));
                OutputStream file = Files.newOutputStream(to);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
                String name = entry.getName();
                if (entry.isDirectory() || name.contains("/include/") || name.contains("native-image/") || name.startsWith("ai/onnxruntime/native/")) {
                    continue;
                }
                byte[] bytes = in.readAllBytes();
                if (name.endsWith("libtorch_cuda.so")) {
                    keepOneArchitecture(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), architecture);
                }
                ZipEntry stored = new ZipEntry(name);
                stored.setMethod(ZipEntry.STORED);
                stored.setTime(0);
                stored.setSize(bytes.length);
                CRC32 crc = new CRC32();
                crc.update(bytes);
                stored.setCrc(crc.getValue());
                out.putNextEntry(stored);
                out.write(bytes);
                out.closeEntry();
            }
        }
    }

    private static void keepOneArchitecture(ByteBuffer elf, int architecture) throws IOException {
        int[] section = section(elf, ".nv_fatbin");
        long kept = 0;
        long emptied = 0;
        int at = section[0];
        int end = at + section[1];
        while (at < end) {
            if (elf.getInt(at) != FATBIN_MAGIC) {
                at += Long.BYTES;
                continue;
            }
            int entry = at + elf.getShort(at + 6);
            int stop = Math.toIntExact(entry + elf.getLong(at + 8));
            while (entry < stop) {
                int header = elf.getInt(entry + 4);
                int size = Math.toIntExact(elf.getLong(entry + 8));
                if (elf.getInt(entry + 28) == architecture) {
                    kept += size;
                } else {
                    emptied += size;
                    elf.put(entry + header, new byte[size]);
                }
                entry += header + size;
            }
            at = stop;
        }
        if (kept == 0) {
            throw new IOException("no machine code for sm_" + architecture);
        }
        System.out.printf("libtorch_cuda.so: %d MiB of sm_%d kept, %d MiB of others emptied%n", kept >> 20, architecture, emptied >> 20);
    }

    /** Returns offset and size of a section of a 64-bit little-endian ELF file. */
    private static int[] section(ByteBuffer elf, String name) throws IOException {
        long headers = elf.getLong(0x28);
        int size = elf.getShort(0x3A);
        int count = elf.getShort(0x3C);
        int strings = Math.toIntExact(elf.getLong(Math.toIntExact(headers + (long) elf.getShort(0x3E) * size) + 0x18));
        for (int i = 0; i < count; i++) {
            int header = Math.toIntExact(headers + (long) i * size);
            int start = strings + elf.getInt(header);
            byte[] found = new byte[name.length() + 1];
            elf.get(start, found);
            if (new String(found, StandardCharsets.US_ASCII).equals(name + "\0")) {
                return new int[] {Math.toIntExact(elf.getLong(header + 0x18)), Math.toIntExact(elf.getLong(header + 0x20))};
            }
        }
        throw new IOException("no section " + name);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", List.of(command)));
        }
    }

    private static final String JOIN = """
            #!/bin/sh
            # Joins the parts beside this file and unpacks them into $GPU_HOME (default: gpu under the temporary directory); prints the settings to run with.
            set -e
            cd "$(dirname "$0")"
            home="${GPU_HOME:-${TMPDIR:-/tmp}/gpu}"
            mkdir -p "$home"
            if [ ! -f "$home/unpacked" ]; then
              cat part-* >"$home/all.tar.xz"
              xz -dc -T0 "$home/all.tar.xz" >"$home/all.tar"
              tar -C "$home" --strip-components=1 -xf "$home/all.tar"
              rm "$home/all.tar.xz" "$home/all.tar"
              touch "$home/unpacked"
            fi
            site=$(python3 -c 'import site,os; print(next(p for p in site.getsitepackages() if os.path.isdir(p + "/nvidia")))')
            echo "export GPU_JAVA=$home/jre/bin/java GPU_LIB=$home/lib LD_LIBRARY_PATH=$(ls -d $site/nvidia/*/lib | tr '\\n' ':')${LD_LIBRARY_PATH}"
            """;
}
