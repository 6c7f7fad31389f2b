package io.newapi.server.ops;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;

/** Tells how the process is: memory, collections of it, threads, files, processor time. Thread-safe. */
final class ProcessMeter implements Meter {

    private static final double MILLIS_PER_SECOND = TimeUnit.SECONDS.toMillis(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    @Override
    public void write(Exposition out) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage rest = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        out.family("jvm_memory_used_bytes", Exposition.Type.GAUGE, "Memory in use.")
                .sample("area", "heap", heap.getUsed())
                .sample("area", "nonheap", rest.getUsed());
        out.family("jvm_memory_max_bytes", Exposition.Type.GAUGE, "The most memory that may be used; -1: no limit.")
                .sample("area", "heap", heap.getMax())
                .sample("area", "nonheap", rest.getMax());
        out.family("jvm_gc_collection_seconds", Exposition.Type.SUMMARY, "Time that was spent in collections.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            String name = collector.getName();
            out.part("_count", "gc", name, collector.getCollectionCount())
                    .sum("gc", name, collector.getCollectionTime() / MILLIS_PER_SECOND);
        }
        out.gauge(
                "jvm_threads_current",
                "Threads.",
                ManagementFactory.getThreadMXBean().getThreadCount());
        out.gauge(
                "process_start_time_seconds",
                "When the process started, in seconds since 1970.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            out.family("process_cpu_seconds_total", Exposition.Type.COUNTER, "Processor time that was used.")
                    .sample(system.getProcessCpuTime() / NANOS_PER_SECOND);
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            out.gauge("process_open_fds", "Open files and connections.", unix.getOpenFileDescriptorCount());
            out.gauge("process_max_fds", "How many there may be.", unix.getMaxFileDescriptorCount());
        }
    }
}
