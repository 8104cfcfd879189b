using FanHub.LoadTests.Profiling;

namespace FanHub.Tests.LoadTests;

public sealed class SampledTimeTests
{
    private const string Send = "    ffffffff8180 __x64_sys_sendto ([kernel.kallsyms])";
    private const string Deliver = "    7f0a instance void [FanHub.Realtime] FanHub.Realtime.Fanout.FollowerShard::Deliver(class FanHub.Realtime.Fanout.EncodedEntry,int64)[OptimizedTier1] (/tmp/perf-1.map)";
    private const string Work = "    7f0b instance void [FanHub.Realtime] FanHub.Realtime.Channels.LiveChannel+<WorkAsync>d__47::MoveNext()[OptimizedTier1] (/tmp/perf-1.map)";
    private const string Pool = "    7f0c bool [System.Private.CoreLib] System.Threading.ThreadPoolWorkQueue::Dispatch()[OptimizedTier1] (/tmp/perf-1.map)";

    [Theory]
    [InlineData("kernel: sendto", "    ffffffff9000 tcp_sendmsg ([kernel.kallsyms])", Send, "    7f00 __send (/usr/lib/libc.so.6)", Deliver)]
    [InlineData("kernel: interrupts and faults", "    ffffffff9001 handle_mm_fault ([kernel.kallsyms])", "    ffffffff9002 asm_exc_page_fault ([kernel.kallsyms])", Deliver)]
    [InlineData("compiled code", Deliver, Work, Pool)]
    [InlineData("compiling", "    7f01 [unknown] (/usr/share/dotnet/libclrjit.so)")]
    [InlineData("the runtime, garbage collection most of it", "    7f01 [unknown] (/usr/share/dotnet/libcoreclr.so)", Work)]
    [InlineData("libraries and the rest", "    7f02 __memmove_avx512 (/usr/lib/libc.so.6)", Deliver)]
    public void A_sample_is_of_one_kind(string kind, params string[] stack) => SampledTime.KindOf(stack).ShouldBe(kind);

    [Theory]
    [InlineData("FollowerShard::Deliver", Deliver)]
    [InlineData("LiveChannel+<WorkAsync>d__47::MoveNext", Work)]
    [InlineData(
        "HubConnectionHandler`1+<DispatchMessagesAsync>d__21::MoveNext",
        "    7f instance void [Microsoft.AspNetCore.SignalR.Core] Microsoft.AspNetCore.SignalR.HubConnectionHandler`1+<DispatchMessagesAsync>d__21[System.__Canon]::MoveNext()[OptimizedTier1] (/tmp/perf-1.map)")]
    [InlineData(null, Pool)]
    [InlineData(null, Send)]
    [InlineData(null, "    7f03 [unknown] (/usr/share/dotnet/libcoreclr.so)")]
    public void A_frame_names_a_method_of_ours_or_of_what_we_stand_on(string? method, string frame) => SampledTime.MethodIn(frame).ShouldBe(method);

    [Fact]
    public void Each_sample_counts_once_and_a_method_with_all_that_it_calls()
    {
        var time = new SampledTime();
        foreach (var line in (string[])[Send, Deliver, Work, "", Deliver, Deliver, Work, "", Pool, "", "", Send])
        {
            time.Read(line);
        }

        time.End();
        time.Samples.ShouldBe(4);
        var tables = time.Tables();
        tables[0].Rows.ShouldBe([["kernel: sendto", "50.0"], ["compiled code", "50.0"]]);
        tables[1].Rows.ShouldBe([["FollowerShard::Deliver", "50.0"], ["LiveChannel+<WorkAsync>d__47::MoveNext", "50.0"]]);
    }
}
